// A directory of its own for each test, as the place a configuration is loaded from.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace stoa::core::config {

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    std::string name = (std::filesystem::temp_directory_path() / "stoa_config_XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary directory");
    sources.directory = name;
    // A file that is there and empty, whatever /etc/stoa holds.
    sources.environment["STOA_CONFIG"] = "/dev/null";
  }
  ~ConfigTest() override { std::filesystem::remove_all(sources.directory); }

  void write(const std::filesystem::path& name, const std::string& text) const {
    std::filesystem::create_directories((sources.directory / name).parent_path());
    std::ofstream(sources.directory / name, std::ios::binary) << text;
  }
  // As "stoa.toml", named by --config.
  void given_file(const std::string& text) {
    write("stoa.toml", text);
    sources.file = "stoa.toml";
  }

  // Fails the test when there are mistakes.
  std::unique_ptr<Config> load() const {
    auto [config, mistakes] = Config::load(sources);
    for (const Mistake& mistake : mistakes) ADD_FAILURE() << mistake.to_string();
    if (!config) throw std::runtime_error("there are mistakes");
    return std::move(config);
  }
  std::vector<std::string> mistakes() const {
    const auto [config, found] = Config::load(sources);
    EXPECT_EQ(config == nullptr, !found.empty());
    return lines(found);
  }
  std::vector<std::string> mistakes_in(const std::string& text) {
    given_file(text);
    return mistakes();
  }
  static std::vector<std::string> lines(const std::vector<Mistake>& mistakes) {
    std::vector<std::string> lines;
    for (const Mistake& mistake : mistakes) lines.push_back(mistake.to_string());
    return lines;
  }

  Sources sources;
};

using Lines = std::vector<std::string>;

}  // namespace stoa::core::config
