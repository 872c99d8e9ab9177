#include "http/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stoa::core::http {
namespace {

using namespace std::chrono_literals;

const RateLimiter::Time kNow = RateLimiter::Time() + 1h;

TEST(RateLimiter, AllowsSoManyAtOnceAndThenOneForEachPartOfThePeriod) {
  RateLimiter limiter;
  const RateRule rule{3, 60};
  for (std::uint32_t left = 3; left-- > 0;) {
    const auto verdict = limiter.ask("a", rule, kNow);
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.remaining, left);
    EXPECT_EQ(verdict.reset_s, 60 - 20 * static_cast<int>(left));
  }
  const auto refused = limiter.ask("a", rule, kNow);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after_s, 20);
  EXPECT_EQ(refused.reset_s, 60);
  EXPECT_TRUE(limiter.ask("b", rule, kNow).allowed);
  EXPECT_FALSE(limiter.ask("a", rule, kNow + 19s).allowed);
  EXPECT_TRUE(limiter.ask("a", rule, kNow + 20s).allowed);
  EXPECT_FALSE(limiter.ask("a", rule, kNow + 20s).allowed);
  EXPECT_EQ(limiter.ask("a", rule, kNow + 2h).remaining, 2u);
}

TEST(RateLimiter, AllowsEverythingWithoutARule) {
  RateLimiter limiter;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(limiter.ask("a", {}, kNow).allowed);
  EXPECT_EQ(limiter.size(), 0u);
}

TEST(RateLimiter, ARefusalCostsNothing) {
  RateLimiter limiter;
  const RateRule rule{1, 10};
  ASSERT_TRUE(limiter.ask("a", rule, kNow).allowed);
  for (int i = 0; i < 1'000; ++i) ASSERT_FALSE(limiter.ask("a", rule, kNow + 1s).allowed);
  EXPECT_TRUE(limiter.ask("a", rule, kNow + 10s).allowed);
}

TEST(RateLimiter, ForgetsThoseAtRestFirst) {
  RateLimiter limiter(100);
  const RateRule quick{10, 10}, slow{1, 3'600};
  for (int i = 0; i < 50; ++i) limiter.ask("slow" + std::to_string(i), slow, kNow);
  for (int i = 0; i < 50; ++i) limiter.ask("quick" + std::to_string(i), quick, kNow);
  limiter.ask("new", quick, kNow + 10s);
  EXPECT_EQ(limiter.size(), 51u);
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(limiter.ask("slow" + std::to_string(i), slow, kNow + 10s).allowed) << i;
  }
}

TEST(RateLimiter, StaysBoundedWhenNobodyIsAtRest) {
  RateLimiter limiter(1'000);
  const RateRule rule{1, 3'600};
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(limiter.ask("flood" + std::to_string(i), rule, kNow + std::chrono::milliseconds(i)).allowed);
    ASSERT_LE(limiter.size(), 1'000u);
  }
  EXPECT_EQ(limiter.size(), 1'000u);
}

TEST(NetworkOf, IsTheFirstHalfOfAnIpv6Address) {
  EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("2001:DB8:1:2::"), network_of("2001:db8:1:2:ffff::1"));
  EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
  EXPECT_EQ(network_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("::1"), "::/64");
  EXPECT_EQ(network_of("not an address"), "not an address");
  EXPECT_EQ(network_of(""), "");
}

}  // namespace
}  // namespace stoa::core::http
