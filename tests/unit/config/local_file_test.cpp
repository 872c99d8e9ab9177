#include "config/local_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace stoa::core::config {
namespace {

class LocalFileTest : public ::testing::Test {
 protected:
  LocalFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stoa-local-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~LocalFileTest() override { std::filesystem::remove_all(directory_); }
  std::string text() const { return LocalFile(directory_).text().value(); }

  std::filesystem::path directory_;
};

TEST_F(LocalFileTest, KeepsWhatItIsNotAskedToChange) {
  std::ofstream(directory_ / "stoa.local.toml")
      << "[plugins]\nenabled = [\"a1\"]\n[plugin.a1]\nx = { y = 1 }\n\"odd key\" = true\n";
  LocalFile file(directory_);
  ASSERT_TRUE(file.set({"plugins", "enabled"}, R"(["a1","b\"2"])"));
  EXPECT_NE(text().find("[plugins]\nenabled = [\"a1\", \"b\\\"2\"]\n"), std::string::npos) << text();
  EXPECT_NE(text().find("[plugin.a1]\n\"odd key\" = true\nx = { y = 1 }\n"), std::string::npos) << text();
  ASSERT_TRUE(file.set({"plugin", "b2"}, R"({"deep":{"list":[1,2.5,"three"]}})"));
  EXPECT_NE(text().find("[plugin.b2]\ndeep = { list = [1, 2.5, \"three\"] }\n"), std::string::npos) << text();
}

TEST_F(LocalFileTest, RefusesWhatItCannotRead) {
  LocalFile file(directory_);
  EXPECT_EQ(text(), "");
  EXPECT_FALSE(file.set({"plugins", "enabled"}, "[1"));
  std::ofstream(directory_ / "stoa.local.toml") << "[plugins\n";
  const auto refused = file.set({"plugins", "enabled"}, "[]");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("stoa.local.toml:1"), std::string::npos) << refused.error().message;
  EXPECT_EQ(text(), "[plugins\n");
}

}  // namespace
}  // namespace stoa::core::config
