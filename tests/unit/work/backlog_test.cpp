#include "work/backlog.hpp"

#include <gtest/gtest.h>

namespace stoa::core::work {
namespace {

using namespace std::chrono_literals;

// A queue whose jobs leave at a steady pace; its clock is its own.
class BacklogTest : public ::testing::Test {
 protected:
  // So many jobs wait behind each that leaves.
  void leave(int times, std::chrono::microseconds every, std::size_t waiting) {
    for (int i = 0; i < times; ++i) backlog_.left(patience_, waiting, now_ += every);
  }
  bool refuses(std::size_t waiting) const { return backlog_.is_too_long(patience_, waiting); }

  const Patience patience_{.jobs = 64, .burst = 250ms, .standing = 20ms, .lasting = 500ms, .recovery = 64};
  Backlog backlog_;
  Backlog::Time now_{1h};
};

TEST_F(BacklogTest, ExpectsWhatThePastTells) {
  backlog_.began(patience_, now_);
  leave(1'000, 1ms, 10);
  EXPECT_NEAR(static_cast<double>(backlog_.expected_wait(10).count()), 10e6, 1e5);
  leave(1'000, 200us, 10);
  EXPECT_NEAR(static_cast<double>(backlog_.expected_wait(10).count()), 2e6, 1e5);
}

TEST_F(BacklogTest, HasPatienceWithABurst) {
  backlog_.began(patience_, now_);
  leave(200, 1ms, 10);
  EXPECT_FALSE(refuses(200));
  EXPECT_TRUE(refuses(260));
}

TEST_F(BacklogTest, LosesItWhereTheQueueStays) {
  backlog_.began(patience_, now_);
  leave(200, 1ms, 10);
  leave(250, 1ms, 200);  // half as long as it lasts
  EXPECT_FALSE(refuses(120));
  EXPECT_TRUE(refuses(150));
  leave(250, 1ms, 200);
  EXPECT_TRUE(refuses(64));
}

TEST_F(BacklogTest, LetsSomeWaitHoweverSlowTheyAre) {
  backlog_.began(patience_, now_);
  leave(200, 100ms, 63);
  EXPECT_FALSE(refuses(63));
  EXPECT_TRUE(refuses(64));
}

// Else a queue that is empty for a moment, because nobody came to read what has arrived, would be a burst
// again.
TEST_F(BacklogTest, RecoversSlowly) {
  backlog_.began(patience_, now_);
  leave(200, 1ms, 10);
  leave(1'000, 1ms, 200);
  ASSERT_TRUE(refuses(64));
  backlog_.began(patience_, now_ += 50ms);
  leave(1, 1ms, 200);
  EXPECT_TRUE(refuses(64));
  backlog_.began(patience_, now_ += 32s);
  EXPECT_FALSE(refuses(200));
}

TEST_F(BacklogTest, RecoversWhileFewWait) {
  backlog_.began(patience_, now_);
  leave(200, 1ms, 10);
  leave(1'000, 1ms, 200);
  ASSERT_TRUE(refuses(100));
  leave(32'000, 1ms, 10);
  EXPECT_FALSE(refuses(200));
}

}  // namespace
}  // namespace stoa::core::work
