#include <gmock/gmock.h>

#include "fixture.hpp"

namespace stoa::core::jobs {
namespace {

using ::testing::ElementsAre;

class TimerTest : public JobsTest {
 protected:
  AgendaPtr attached(const std::string& owner = "polls") {
    auto agenda = std::make_shared<Agenda>();
    engine_->attach(agenda, owner, nullptr);
    return agenda;
  }
  std::function<void(JobId)> noting(std::string what) {
    return [this, what](JobId) { diary_.add(what); };
  }
  Diary diary_;
};

TEST_F(TimerTest, OnceAndAgain) {
  start();
  const AgendaPtr agenda = attached();
  ASSERT_TRUE(engine_->after(*agenda, milliseconds(0), noting("at once")));
  ASSERT_TRUE(diary_.has(1));
  ASSERT_TRUE(engine_->after(*agenda, milliseconds(30), noting("later")));
  ASSERT_TRUE(diary_.has(2));
  EXPECT_THAT(diary_.entries(), ElementsAre("at once", "later"));
  ASSERT_TRUE(engine_->every(*agenda, milliseconds(5), noting("again")));
  EXPECT_TRUE(diary_.has(6));
}

TEST_F(TimerTest, WhatIsAskedBeforeTheAttachBeginsThere) {
  start();
  const auto agenda = std::make_shared<Agenda>();
  ASSERT_TRUE(engine_->after(*agenda, milliseconds(0), noting("early")));
  const AgendaPtr other = attached("other");
  ASSERT_TRUE(engine_->after(*other, milliseconds(20), noting("other")));
  ASSERT_TRUE(diary_.has(1));
  engine_->attach(agenda, "polls", nullptr);
  ASSERT_TRUE(diary_.has(2));
  EXPECT_THAT(diary_.entries(), ElementsAre("other", "early"));
}

TEST_F(TimerTest, NeverTwiceAtOnce) {
  start();
  const AgendaPtr agenda = attached();
  std::atomic<int> inside{0}, most{0};
  ASSERT_TRUE(engine_->every(*agenda, milliseconds(2), [&](JobId) {
    most = std::max(most.load(), ++inside);
    std::this_thread::sleep_for(milliseconds(9));
    --inside;
    diary_.add("ran");
  }));
  ASSERT_TRUE(diary_.has(5));
  EXPECT_TRUE(engine_->detach(agenda, kPatience));
  EXPECT_EQ(most, 1);
}

TEST_F(TimerTest, ACancelledOneIsNotCalledAgain) {
  start();
  const AgendaPtr agenda = attached();
  const auto late = engine_->after(*agenda, seconds(3'600), noting("never"));
  ASSERT_TRUE(late);
  EXPECT_TRUE(engine_->cancel(*agenda, *late));
  EXPECT_FALSE(engine_->cancel(*agenda, *late));
  EXPECT_FALSE(engine_->cancel(*agenda, 4'711));
  Gate gate;
  const auto own = engine_->every(*agenda, milliseconds(1), [&](JobId job) {
    gate.pass();
    diary_.add(engine_->stopping(*agenda, job).value_or(false) ? "told" : "not told");
  });
  ASSERT_TRUE(own);
  ASSERT_TRUE(gate.somebody_came());
  EXPECT_TRUE(engine_->cancel(*agenda, *own));
  gate.open();
  ASSERT_TRUE(diary_.has(1));
  EXPECT_TRUE(engine_->detach(agenda, kPatience));
  EXPECT_THAT(diary_.entries(), ElementsAre("told"));
}

TEST_F(TimerTest, TheyAreBounded) {
  start({.timers = 2});
  const AgendaPtr agenda = attached();
  const auto first = engine_->after(*agenda, seconds(3'600), noting("never"));
  ASSERT_TRUE(engine_->every(*agenda, seconds(3'600), noting("never")));
  const auto third = engine_->after(*agenda, milliseconds(0), noting("never"));
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::overloaded);
  EXPECT_TRUE(engine_->cancel(*agenda, *first));
  EXPECT_TRUE(engine_->after(*agenda, seconds(3'600), noting("never")));
}

TEST_F(TimerTest, WhatItThrowsStaysInside) {
  start();
  const AgendaPtr agenda = attached();
  ASSERT_TRUE(engine_->every(*agenda, milliseconds(2), [&](JobId) {
    diary_.add("thrown");
    throw std::runtime_error("no");
  }));
  EXPECT_TRUE(diary_.has(3));
}

TEST_F(TimerTest, DetachWaitsForWhatRunsUpToItsDeadline) {
  start();
  const auto kept = std::make_shared<int>(1);
  const auto agenda = std::make_shared<Agenda>();
  engine_->attach(agenda, "polls", kept);
  Gate gate;
  ASSERT_TRUE(engine_->after(*agenda, milliseconds(0), [&](JobId) {
    gate.pass();
    diary_.add("ended");
  }));
  ASSERT_TRUE(gate.somebody_came());
  ASSERT_TRUE(engine_->after(*agenda, milliseconds(20), noting("never")));
  EXPECT_FALSE(engine_->detach(agenda, milliseconds(40)));
  EXPECT_EQ(kept.use_count(), 2);
  const auto late = engine_->after(*agenda, milliseconds(0), noting("never"));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::unavailable);
  gate.open();
  EXPECT_TRUE(engine_->detach(agenda, kPatience));
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_THAT(diary_.entries(), ElementsAre("ended"));
}

TEST_F(TimerTest, OnesThatHangHoldUpTheirOwnPluginOnly) {
  start({.slow = milliseconds(300)});
  Gate gate;
  std::vector<AgendaPtr> hanging;
  for (const char* owner : {"a", "b", "c"}) {
    hanging.push_back(attached(owner));
    for (int i = 0; i < 3; ++i)
      ASSERT_TRUE(engine_->after(*hanging.back(), milliseconds(0), [&](JobId) { gate.pass(); }));
  }
  const AgendaPtr well = attached("well");
  ASSERT_TRUE(engine_->every(*well, milliseconds(5), noting("ran")));
  EXPECT_TRUE(diary_.has(3));
  gate.open();
  for (const AgendaPtr& agenda : hanging) EXPECT_TRUE(engine_->detach(agenda, kPatience));
}

TEST_F(TimerTest, StoppingIsAskedInsideARunOnly) {
  start();
  const AgendaPtr agenda = attached();
  std::atomic<JobId> seen{0};
  ASSERT_TRUE(engine_->after(*agenda, milliseconds(0), [&](JobId job) {
    seen = job;
    diary_.add(engine_->stopping(*agenda, job).has_value() ? "inside" : "outside");
    diary_.add(engine_->stopping(*agenda, job + 1).has_value() ? "inside" : "outside");
  }));
  ASSERT_TRUE(diary_.has(2));
  EXPECT_THAT(diary_.entries(), ElementsAre("inside", "outside"));
  EXPECT_EQ(engine_->stopping(*agenda, seen), std::nullopt);
}

}  // namespace
}  // namespace stoa::core::jobs
