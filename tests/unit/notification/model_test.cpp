#include "model.hpp"

#include <gtest/gtest.h>

#include "settings.hpp"

namespace stoa::notification {
namespace {

TEST(Names, OfEveryTypeReadBack) {
  for (Type type : kTypes) EXPECT_EQ(type_of(to_string(type)), type) << to_string(type);
  EXPECT_FALSE(type_of("gossip"));
}

TEST(Names, OfKindsAndLevelsReadBack) {
  for (Kind kind : {Kind::post, Kind::comment, Kind::conversation, Kind::user})
    EXPECT_EQ(kind_of(to_string(kind)), kind);
  for (Level level : {Level::watching, Level::normal, Level::muted})
    EXPECT_EQ(level_of(to_string(level)), level);
  EXPECT_FALSE(kind_of(""));
  EXPECT_FALSE(level_of("loud"));
}

TEST(NotificationSettings, ReadsEveryOne) {
  const auto settings = parse_settings(R"({"kept_per_user":50,"vote_group_size":5,"vote_group_minutes":2})");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->kept_per_user, 50);
  EXPECT_EQ(settings->votes.size, 5);
  EXPECT_EQ(settings->votes.window_ms, 120'000);
}

}  // namespace
}  // namespace stoa::notification
