// A server with one of the conform plugins, and what its tests ask it.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/harness.hpp"

namespace stoa::harness {

namespace fs = std::filesystem;

// How much of the suite a plugin implements.
enum class Extent { routes_and_storage, every_table, every_table_and_exceptions };

struct Variant {
  std::string name;
  fs::path file;
  Extent extent;

  friend void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.file; }
};

inline std::vector<Variant> variants() {
  const fs::path matrix = STOA_MATRIX;
  std::vector<Variant> all = {
      {"gxx", matrix / "gxx.so", Extent::every_table_and_exceptions},
      {"clangxx", matrix / "clangxx.so", Extent::every_table_and_exceptions},
      {"clangxx_libcxx", matrix / "libcxx.so", Extent::every_table_and_exceptions},
      {"gcc_c11", matrix / "gcc.so", Extent::every_table},
      {"clang_c11", matrix / "clang.so", Extent::every_table},
      {"rust", matrix / "rust.so", Extent::routes_and_storage},
  };
  for (const auto& release : fs::directory_iterator(STOA_GOLDEN)) {
    if (!release.is_directory()) continue;
    const std::string number = release.path().filename().string();
    std::string name = "release_" + number;
    name.replace(name.find('.'), 1, "_");
    all.push_back({name + "_cpp", release.path() / "conform_cpp.so", Extent::every_table_and_exceptions});
    all.push_back({name + "_c", release.path() / "conform_c.so", Extent::every_table});
  }
  return all;
}

class ConformTest : public ::testing::TestWithParam<Variant> {
 protected:
  void SetUp() override {
    if (!fs::exists(GetParam().file)) {
      // Only what makes it may be missing; released files are in the repository.
      ASSERT_TRUE(GetParam().name == "rust" || GetParam().name.rfind("clang", 0) == 0) << GetParam().file;
      GTEST_SKIP() << "its compiler is not on this machine";
    }
    const fs::path directory = server_.directory() / "plugins";
    fs::create_directory(directory);
    fs::create_symlink(fs::path(STOA_BUNDLED_PLUGINS) / "auth.so", directory / "auth.so");
    fs::create_symlink(GetParam().file, directory / "conform.so");
    fs::create_symlink(fs::path(STOA_MATRIX) / "neighbour.so", directory / "neighbour.so");
    server_.options().environment["STOA__PLUGINS__DIR"] = directory.string();
    // In the file: what the environment says cannot be changed while the server runs.
    std::ofstream(server_.directory() / "stoa.toml")
        << "[plugins]\nenabled = [\"auth\", \"conform\", \"neighbour\"]\n";
    server_.start();
  }

  // ---- Of every extent
  void routes_and_storage();
  void events();
  void deferred_answers();
  // ---- Of every table
  void changes();
  void writes_nobody_waits_for();
  void realtime();
  void services();
  void requests();
  void the_rest();
  void queues();
  void timers();
  void metrics();
  void settings();
  void lifecycle();
  // ---- Of C++
  void exceptions();

  Json get(const std::string& path) {
    Client stranger = server_.client();
    return stranger.get("/x/conform/" + path).json();
  }
  int send(const std::string& method, const std::string& path) {
    Client stranger = server_.client();
    return stranger.send(method, "/x/conform/" + path, std::nullopt, {}).status;
  }
  bool cancelled(const std::string& timer) {
    Client stranger = server_.client();
    return stranger.del("/x/conform/timers/" + timer).json()["cancelled"].boolean();
  }
  // The value of that sample; -1: it is not there.
  double metric(const std::string& sample) {
    std::istringstream lines(server_.client().get("//metrics").body);
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind(sample + " ", 0) == 0) return std::stod(line.substr(sample.size() + 1));
    }
    return -1;
  }
  // What administrators see of this plugin.
  Json shown() {
    for (const Json& plugin : boss_->get("/admin/plugins").json()["items"].items()) {
      if (plugin["id"] == "conform") return plugin;
    }
    throw std::runtime_error("conform is not shown");
  }
  int times_logged(const std::string& text) const {
    const std::string log = server_.log();
    int times = 0;
    for (auto at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) ++times;
    return times;
  }

  TestServer server_{ServerOptions{.start = false}};
  std::optional<Client> boss_;  // from the_rest on
};

}  // namespace stoa::harness
