#include "work/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <thread>

namespace stoa::core::work {
namespace {

using namespace std::chrono_literals;

// Until a condition holds; the deadline only ends a test that has failed.
template <class Condition>
bool until(Condition&& condition) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

// Jobs stop here until it is opened.
class Gate {
 public:
  void pass() {
    ++inside_;
    opened_.wait();
    --inside_;
  }
  void open() { open_.set_value(); }
  int inside() const { return inside_; }

 private:
  std::promise<void> open_;
  std::shared_future<void> opened_{open_.get_future().share()};
  std::atomic<int> inside_{0};
};

TEST(Pool, GivesAnOwnerItsShareOnly) {
  Pool pool({.threads = 4, .per_owner = 3});
  Gate gate;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(pool.submit("greedy", [&] { gate.pass(); }));
  ASSERT_TRUE(until([&] { return gate.inside() == 3; }));
  std::promise<void> served;
  EXPECT_TRUE(pool.submit("modest", [&] { served.set_value(); }));
  served.get_future().wait();
  EXPECT_EQ(gate.inside(), 3);
  EXPECT_EQ(pool.stats("greedy").waiting, 7u);
  gate.open();
  EXPECT_TRUE(pool.stop(20s));
  EXPECT_EQ(gate.inside(), 0);
}

TEST(Pool, RefusesWhatItsQueueCannotHold) {
  Pool pool({.threads = 1, .per_owner = 1, .queue_per_owner = 2});
  Gate gate;
  EXPECT_TRUE(pool.submit("a", [&] { gate.pass(); }));
  ASSERT_TRUE(until([&] { return gate.inside() == 1; }));
  EXPECT_TRUE(pool.submit("a", [] {}));
  EXPECT_TRUE(pool.submit("a", [] {}));
  EXPECT_FALSE(pool.submit("a", [] {}));
  EXPECT_TRUE(pool.submit("b", [] {}));
  gate.open();
  EXPECT_TRUE(pool.stop(20s));
  EXPECT_FALSE(pool.submit("a", [] {}));
}

TEST(Pool, KnowsWhoWouldWaitTooLong) {
  Pool pool({.threads = 2, .per_owner = 1, .patience = {.jobs = 2, .burst = 1ms, .standing = 1ms}});
  EXPECT_FALSE(pool.is_overloaded("slow"));
  Gate gate;
  // Each takes so long that those behind it wait for more than a millisecond.
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(pool.submit("slow", [] { std::this_thread::sleep_for(1ms); }));
  EXPECT_TRUE(pool.submit("slow", [&] { gate.pass(); }));
  ASSERT_TRUE(until([&] { return gate.inside() == 1; }));
  EXPECT_FALSE(pool.is_overloaded("slow")) << "nobody waits";
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(pool.submit("slow", [] {}));
  EXPECT_TRUE(pool.is_overloaded("slow"));
  EXPECT_FALSE(pool.is_overloaded("quick"));
  EXPECT_TRUE(pool.submit("slow", [] {})) << "whoever does not ask may wait";
  gate.open();
  EXPECT_TRUE(pool.stop(20s));
}

TEST(Pool, DoesNotCountJobsInABlockingRegion) {
  Pool pool({.threads = 3, .per_owner = 2, .blocked = 20, .idle = 1ms});
  Gate gate;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(pool.submit("writer", [&] {
      const Pool::BlockingRegion region;
      const Pool::BlockingRegion inner;  // counts once
      gate.pass();
    }));
  }
  EXPECT_TRUE(until([&] { return gate.inside() == 20; }));
  EXPECT_EQ(pool.stats("writer").running, 0);
  EXPECT_EQ(pool.stats().blocked, 20);
  EXPECT_EQ(pool.stats().busy, 0);
  std::promise<void> served;
  EXPECT_TRUE(pool.submit("reader", [&] { served.set_value(); }));
  served.get_future().wait();
  gate.open();
  EXPECT_TRUE(until([&] { return pool.stats().threads == 3; })) << "the threads beyond did not end";
  EXPECT_EQ(pool.stats().blocked, 0);
  EXPECT_EQ(pool.stats("writer").running, 0);
  EXPECT_TRUE(pool.stop(20s));
}

TEST(Pool, BoundsTheJobsInABlockingRegion) {
  Pool pool({.threads = 3, .per_owner = 2, .blocked = 5, .idle = 1ms});
  Gate gate;
  std::atomic<int> most{0};
  for (int i = 0; i < 30; ++i) {
    EXPECT_TRUE(pool.submit("writer", [&] {
      const Pool::BlockingRegion region;
      gate.pass();
    }));
  }
  ASSERT_TRUE(until([&] { return gate.inside() == 7; }));  // five blocked, and the owner's share
  const Pool::Stats stats = pool.stats();
  EXPECT_EQ(stats.blocked, 5);
  EXPECT_EQ(stats.busy, 2);
  EXPECT_LE(stats.threads, 8);
  EXPECT_EQ(pool.stats("writer").waiting, 23u);
  std::promise<void> served;
  EXPECT_TRUE(pool.submit("reader", [&] { served.set_value(); }));
  served.get_future().wait();
  gate.open();
  EXPECT_TRUE(pool.stop(20s));
  EXPECT_EQ(gate.inside(), 0);
}

TEST(Pool, ReplacesAThreadPastItsDeadline) {
  Pool pool({.threads = 1, .per_owner = 1, .idle = 1ms});
  Gate gate;
  std::promise<bool> late;
  EXPECT_TRUE(pool.submit(
      "hung", [&] { gate.pass(); }, 1ms, [&](bool started) { late.set_value(started); }));
  EXPECT_TRUE(late.get_future().get());
  std::promise<void> served;
  EXPECT_TRUE(pool.submit("other", [&] { served.set_value(); }));
  served.get_future().wait();
  std::promise<bool> never_ran;  // the owner's share is still taken
  EXPECT_TRUE(pool.submit(
      "hung", [] {}, 1ms, [&](bool started) { never_ran.set_value(started); }));
  EXPECT_FALSE(never_ran.get_future().get());
  gate.open();
  EXPECT_TRUE(until([&] { return pool.stats().threads == 1; }));
  EXPECT_TRUE(pool.stop(20s));
}

TEST(Pool, ReplacesAThreadThatComesBackFromABlockingRegionTooLate) {
  Pool pool({.threads = 1, .per_owner = 1, .idle = 1ms});
  Gate blocked, hung;
  std::promise<bool> late;
  EXPECT_TRUE(pool.submit(
      "writer",
      [&] {
        {
          const Pool::BlockingRegion region;
          blocked.pass();
        }
        hung.pass();
      },
      1ms, [&](bool started) { late.set_value(started); }));
  EXPECT_TRUE(late.get_future().get());
  EXPECT_EQ(pool.stats("writer").running, 0);
  blocked.open();
  ASSERT_TRUE(until([&] { return hung.inside() == 1; }));
  std::promise<void> served;
  EXPECT_TRUE(pool.submit("other", [&] { served.set_value(); }));
  served.get_future().wait();
  EXPECT_EQ(pool.stats("writer").running, 1);
  hung.open();
  EXPECT_TRUE(pool.stop(20s));
}

TEST(Pool, RunsNoMoreShortJobsAtOnceThanCompute) {
  Pool pool({.threads = 8, .per_owner = 8, .computing = 2, .long_job = 1h});
  Gate gate;
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(pool.submit("a", [&] { gate.pass(); }));
  EXPECT_TRUE(pool.submit("b", [&] { gate.pass(); }));
  ASSERT_TRUE(until([&] { return gate.inside() == 2; }));
  EXPECT_EQ(pool.stats().busy, 2);
  EXPECT_EQ(pool.stats("a").waiting + pool.stats("b").waiting, 5u);
  gate.open();
  EXPECT_TRUE(until([&] { return pool.stats("a").waiting + pool.stats("b").waiting == 0; }));
  EXPECT_TRUE(pool.stop(20s));
}

TEST(Pool, LetsOthersPastThoseThatTakeLong) {
  Pool pool({.threads = 8, .per_owner = 5, .computing = 2, .long_job = 2ms});
  Gate gate;
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(pool.submit("slow", [&] { gate.pass(); }));
  ASSERT_TRUE(until([&] { return gate.inside() == 5; })) << "the owner's share";
  for (int i = 0; i < 20; ++i) {
    std::promise<void> served;
    EXPECT_TRUE(pool.submit("quick", [&] { served.set_value(); }));
    served.get_future().wait();
  }
  EXPECT_EQ(gate.inside(), 5);
  gate.open();
  EXPECT_TRUE(until([&] { return pool.stats("slow").waiting == 0 && pool.stats().busy == 0; }));
  // Those that were long are forgotten: again no more than two at once.
  Gate again;
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(pool.submit("b", [&] { again.pass(); }));
  EXPECT_TRUE(until([&] { return again.inside() == 2; }));
  EXPECT_EQ(pool.stats().busy, 2);
  again.open();
  EXPECT_TRUE(pool.stop(20s));
}

// The second comes before the thread that was called for the first has come, while all others sleep.
TEST(Pool, KeepsNobodyWaitingWhoCameTogetherWithALongOne) {
  Pool pool({.threads = 4, .per_owner = 4, .computing = 1, .long_job = 1ms});
  for (int round = 0; round < 50; ++round) {
    Gate gate;
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(pool.submit("slow", [&] { gate.pass(); }));
    EXPECT_TRUE(until([&] { return gate.inside() == 2; })) << "round " << round;
    gate.open();
    ASSERT_TRUE(until([&] { return pool.stats().busy == 0 && pool.stats("slow").waiting == 0; }));
  }
  EXPECT_TRUE(pool.stop(20s));
}

TEST(Pool, DoesNotCountAsComputingWhoWaitsInABlockingRegion) {
  Pool pool({.threads = 4, .per_owner = 4, .computing = 1, .long_job = 1h});
  Gate gate;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(pool.submit("writer", [&] {
      const Pool::BlockingRegion region;
      gate.pass();
    }));
  }
  ASSERT_TRUE(until([&] { return gate.inside() == 3; }));
  std::promise<void> served;
  EXPECT_TRUE(pool.submit("reader", [&] { served.set_value(); }));
  served.get_future().wait();
  gate.open();
  EXPECT_TRUE(pool.stop(20s));
}

TEST(Pool, LosesNoJobWhereAllBlockAndComeBack) {
  constexpr int kJobs = 500;
  Pool pool({.threads = 4, .per_owner = 3, .queue_per_owner = kJobs, .blocked = 8, .idle = 1ms});
  std::latch done(2 * kJobs);
  for (int i = 0; i < kJobs; ++i) {
    for (const char* owner : {"a", "b"}) {
      EXPECT_TRUE(pool.submit(owner, [&] {
        {
          const Pool::BlockingRegion region;
          std::this_thread::yield();
        }
        done.count_down();
      }));
    }
  }
  done.wait();
  EXPECT_TRUE(until([&] { return pool.stats().busy == 0; }));
  EXPECT_EQ(pool.stats("a").running, 0);
  EXPECT_EQ(pool.stats("b").running, 0);
  EXPECT_TRUE(pool.stop(20s));
}

TEST(Pool, GivesUpWhatDoesNotEnd) {
  auto gate = std::make_shared<Gate>();
  auto pool = std::make_unique<Pool>(PoolOptions{.threads = 2, .per_owner = 2});
  EXPECT_TRUE(pool->submit("hung", [gate] { gate->pass(); }));
  ASSERT_TRUE(until([&] { return gate->inside() == 1; }));
  EXPECT_FALSE(pool->stop(1ms));
  gate->open();
  EXPECT_TRUE(until([&] { return pool->stats().threads == 0; }));
}

TEST(BlockingRegion, DoesNothingOnAThreadThatIsNoWorker) {
  const Pool::BlockingRegion region;
}

}  // namespace
}  // namespace stoa::core::work
