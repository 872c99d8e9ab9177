#include <gtest/gtest.h>

#include "config/config.hpp"

namespace stoa::core::config {
namespace {

TEST(ConfigLoad, NothingGivenIsTheDefaults) {
  const auto [config, mistakes] =
      Config::load({.environment = {{"STOA_CONFIG", "/dev/null"}}, .directory = "/srv"});
  for (const Mistake& mistake : mistakes) ADD_FAILURE() << mistake.to_string();
  ASSERT_TRUE(config);
  EXPECT_EQ(config->settings().http.host, "127.0.0.1");
  EXPECT_EQ(config->settings().http.port, 8080);
  EXPECT_EQ(config->settings().data_dir, "/srv/data");
  EXPECT_EQ(config->settings().storage.path, "/srv/data/stoa.db");
  EXPECT_EQ(config->settings().cache.max_bytes, 64 * 1024 * 1024);
}

}  // namespace
}  // namespace stoa::core::config
