#include "login_throttle.hpp"

#include <gtest/gtest.h>

namespace stoa::auth {
namespace {

constexpr std::int64_t kSecond = 1'000;
constexpr std::int64_t kMinute = 60 * kSecond;

class LoginThrottleTest : public testing::Test {
 protected:
  int attempt(const std::string& address, const std::string& name) {
    return throttle.attempt(address, name, limits, now);
  }
  LoginThrottle throttle;
  ThrottleLimits limits;
  std::int64_t now = 1'000'000'000;
};

TEST_F(LoginThrottleTest, SixInAMinuteOfOneAddress) {
  for (int i = 0; i < 6; ++i) EXPECT_EQ(attempt("1.2.3.4", "user" + std::to_string(i)), 0);
  EXPECT_EQ(attempt("1.2.3.4", "other"), 60);
  EXPECT_EQ(attempt("1.2.3.5", "other"), 0) << "another address is not concerned";
  now += 59 * kSecond;
  EXPECT_EQ(attempt("1.2.3.4", "other2"), 1);
  now += kSecond;
  EXPECT_EQ(attempt("1.2.3.4", "other2"), 0);
}

TEST_F(LoginThrottleTest, ThirtyInAnHourOfOneAddress) {
  const std::int64_t start = now;
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(attempt("1.2.3.4", "user" + std::to_string(i)), 0) << i;
    now += 11 * kSecond;
  }
  const int wait = attempt("1.2.3.4", "more");
  EXPECT_EQ(wait, (start + 60 * kMinute - now) / kSecond);
  now += wait * kSecond;
  EXPECT_EQ(attempt("1.2.3.4", "more"), 0);
}

TEST_F(LoginThrottleTest, RefusedAttemptsDoNotCount) {
  for (int i = 0; i < 6; ++i) attempt("1.2.3.4", "user" + std::to_string(i));
  for (int i = 0; i < 100; ++i) EXPECT_GT(attempt("1.2.3.4", "x"), 0);
  now += kMinute;
  EXPECT_EQ(attempt("1.2.3.4", "x"), 0);
}

TEST_F(LoginThrottleTest, DelayGrowsWithFailures) {
  int sender = 0;
  const auto from_somewhere = [&] { return attempt("10.0.0." + std::to_string(sender++), "ann"); };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(from_somewhere(), 0);
  int last = 0;
  for (int round = 0; round < 8; ++round) {
    const int wait = from_somewhere();
    EXPECT_GT(wait, last);
    last = wait;
    now += wait * kSecond;
    EXPECT_EQ(from_somewhere(), 0);
  }
  EXPECT_EQ(from_somewhere(), LoginThrottle::kLongestDelayMs / kSecond);
}

TEST_F(LoginThrottleTest, SuccessForgetsFailures) {
  for (int i = 0; i < 5; ++i) attempt("10.0.0." + std::to_string(i), "ann");
  EXPECT_GT(attempt("10.0.1.1", "ann"), 0);
  throttle.succeeded("ann");
  EXPECT_EQ(attempt("10.0.1.2", "ann"), 0);
}

TEST_F(LoginThrottleTest, PeaceForgetsFailures) {
  for (int i = 0; i < 5; ++i) attempt("10.0.0." + std::to_string(i), "ann");
  now += LoginThrottle::kForgetMs + 1;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(attempt("10.0.1." + std::to_string(i), "ann"), 0);
}

TEST_F(LoginThrottleTest, KeepsBoundedMemory) {
  for (int i = 0; i < 6; ++i) attempt("first", "user" + std::to_string(i));
  for (std::size_t i = 0; i < LoginThrottle::kMost; ++i)
    attempt("a" + std::to_string(i), "n" + std::to_string(i));
  EXPECT_EQ(attempt("first", "x"), 0) << "the oldest address was forgotten";
}

TEST(ThrottleAddress, JoinsIPv6Networks) {
  EXPECT_EQ(throttle_address("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(throttle_address("2001:db8:1:2:3:4:5:6"), throttle_address("2001:db8:1:2::9"));
  EXPECT_NE(throttle_address("2001:db8:1:2::9"), throttle_address("2001:db8:1:3::9"));
  EXPECT_NE(throttle_address("::ffff:1.2.3.4"), throttle_address("::ffff:1.2.3.5"));
}

}  // namespace
}  // namespace stoa::auth
