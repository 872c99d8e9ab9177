#include "flood.hpp"

#include <gtest/gtest.h>

namespace stoa::chat {
namespace {

constexpr FloodRule kRule{5, 10'000};  // five at once, one more every two seconds

TEST(Flood, AllowsAsManyAtOnceAsTheRuleSays) {
  Flood flood;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(flood.take(1, kRule, 1'000), 0) << i;
  EXPECT_EQ(flood.take(1, kRule, 1'000), 2'000);
}

TEST(Flood, GivesBackEvenly) {
  Flood flood;
  for (int i = 0; i < 5; ++i) flood.take(1, kRule, 0);
  EXPECT_EQ(flood.take(1, kRule, 1'999), 1);
  EXPECT_EQ(flood.take(1, kRule, 2'000), 0);
  EXPECT_EQ(flood.take(1, kRule, 2'000), 2'000);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(flood.take(1, kRule, 12'000), 0) << i;
  EXPECT_GT(flood.take(1, kRule, 12'000), 0);
}

TEST(Flood, RefusedOnesCostNothing) {
  Flood flood;
  for (int i = 0; i < 100; ++i) flood.take(1, kRule, 0);
  EXPECT_EQ(flood.take(1, kRule, 2'000), 0);
}

TEST(Flood, KeysDoNotDisturbEachOther) {
  Flood flood;
  for (int i = 0; i < 6; ++i) flood.take(1, kRule, 0);
  EXPECT_EQ(flood.take(2, kRule, 0), 0);
}

TEST(Flood, MoreThanOneForEachMillisecond) {
  Flood flood;
  const FloodRule fast{10'000, 1'000};
  int allowed = 0;
  for (int i = 0; i < 20'000; ++i) allowed += flood.take(1, fast, 0) == 0;
  EXPECT_EQ(allowed, 10'000);
}

TEST(Flood, ForgetsWhoIsFreeAgain) {
  Flood flood;
  for (std::uint64_t key = 0; key < 5'000; ++key)
    flood.take(key, kRule, static_cast<std::int64_t>(key) * 100'000);
  EXPECT_LE(flood.size(), 1'024u);
}

}  // namespace
}  // namespace stoa::chat
