#include "plugins/budget.hpp"

#include <gtest/gtest.h>

namespace stoa::core::plugins {
namespace {

using std::chrono::seconds;

struct BudgetTest : ::testing::Test {
  void fail(int times) {
    for (int i = 0; i < times; ++i) budget.note(true, now);
  }
  bool admitted() { return budget.admit(now).admitted; }

  Budget budget;
  Budget::Clock::time_point now{seconds(1'000)};
};

TEST_F(BudgetTest, FewFailuresOrAMinorityAreBorne) {
  fail(Budget::kFailures - 1);
  EXPECT_TRUE(admitted());
  now += Budget::kWindow + seconds(1);
  for (int i = 0; i < 50; ++i) budget.note(false, now);
  fail(40);
  EXPECT_TRUE(admitted());
  fail(10);
  EXPECT_FALSE(admitted());
}

TEST_F(BudgetTest, APauseEndsWithOneTrial) {
  fail(Budget::kFailures);
  const auto refused = budget.admit(now);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after_s, 5);
  EXPECT_TRUE(budget.state(now).paused);
  now += Budget::kFirstPause;
  EXPECT_TRUE(admitted());
  EXPECT_FALSE(admitted()) << "one at a time";
  budget.note(false, now);
  EXPECT_TRUE(admitted());
  EXPECT_FALSE(budget.state(now).paused);
}

TEST_F(BudgetTest, AFailedTrialPausesForTwiceAsLongUpToALimit) {
  fail(Budget::kFailures);
  seconds length = Budget::kFirstPause;
  for (int i = 0; i < 6; ++i) {
    now += length;
    ASSERT_TRUE(admitted());
    budget.note(true, now);
    length = std::min(length * 2, Budget::kLongestPause);
    EXPECT_EQ(budget.admit(now).retry_after_s, length.count());
  }
  EXPECT_EQ(length, Budget::kLongestPause);
  EXPECT_EQ(budget.state(now).pauses, 7u);
}

TEST_F(BudgetTest, ATrialThatCameToNothingLetsAnotherOneTry) {
  fail(Budget::kFailures);
  budget.note(true, now);  // answers from before the pause change nothing
  now += Budget::kFirstPause;
  ASSERT_TRUE(admitted());
  budget.abandon();
  EXPECT_TRUE(admitted());
}

}  // namespace
}  // namespace stoa::core::plugins
