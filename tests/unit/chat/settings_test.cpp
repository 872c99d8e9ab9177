#include "settings.hpp"

#include <gtest/gtest.h>

namespace stoa::chat {
namespace {

TEST(ChatSettings, ReadsEveryOne) {
  const auto settings = parse_settings(
      R"({"message_length":10,"group_size":4,"flood_messages":3,"flood_seconds":60,"conversations_per_hour":2})");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->message_length, 10);
  EXPECT_EQ(settings->group_size, 4);
  EXPECT_EQ(settings->messages.count, 3);
  EXPECT_EQ(settings->messages.period_ms, 60'000);
  EXPECT_EQ(settings->conversations.count, 2);
  EXPECT_EQ(settings->conversations.period_ms, 3'600'000);
}

TEST(ChatSettings, RefusesWhatIsNoObject) {
  EXPECT_FALSE(parse_settings("[]"));
  EXPECT_FALSE(parse_settings("{"));
}

}  // namespace
}  // namespace stoa::chat
