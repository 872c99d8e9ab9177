#include <gmock/gmock.h>

#include "fixture.hpp"

namespace stoa::core::jobs {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class QueueTest : public JobsTest {};

TEST_F(QueueTest, WhatIsCommittedRunsInOrderAndOnce) {
  Diary diary;
  start();
  const AgendaPtr agenda = listing(diary);
  engine_->attach(agenda, "polls", nullptr);
  ASSERT_TRUE(enqueue(*agenda, "polls", {"1", "2", "3"}));
  ASSERT_TRUE(enqueue(*agenda, "polls", {"4"}));
  ASSERT_TRUE(diary.has(4));
  EXPECT_TRUE(becomes([&] { return waiting("polls") == 0; }));
  EXPECT_THAT(diary.entries(), ElementsAre("1", "2", "3", "4"));
}

TEST_F(QueueTest, WhatIsRolledBackNeverWas) {
  Diary diary;
  start();
  const AgendaPtr agenda = listing(diary);
  engine_->attach(agenda, "polls", nullptr);
  auto done = database_->write("polls", [&](storage::Transaction& transaction) -> Result<void> {
    auto taken = engine_->enqueue(*agenda, "polls", transaction, "q", "lost", 0);
    EXPECT_TRUE(taken);
    EXPECT_EQ(waiting("polls"), 1);
    return Error{ErrorCode::conflict, "no"};
  });
  EXPECT_FALSE(done);
  EXPECT_EQ(waiting("polls"), 0);
  ASSERT_TRUE(enqueue(*agenda, "polls", {"kept"}));
  ASSERT_TRUE(diary.has(1));
  EXPECT_THAT(diary.entries(), ElementsAre("kept"));
}

TEST_F(QueueTest, NothingRunsBeforeAttachAndEverythingAfterARestart) {
  Diary diary;
  start({.runs = false});
  const AgendaPtr idle = listing(diary);
  engine_->attach(idle, "polls", nullptr);
  ASSERT_TRUE(enqueue(*idle, "polls", {"1", "2"}));
  EXPECT_EQ(waiting("polls"), 2);
  restart();
  EXPECT_EQ(waiting("polls"), 2);
  EXPECT_THAT(diary.entries(), IsEmpty());
  engine_->attach(listing(diary), "polls", nullptr);
  ASSERT_TRUE(diary.has(2));
  EXPECT_THAT(diary.entries(), ElementsAre("1", "2"));
}

// Not settled before the end: it runs again.
TEST_F(QueueTest, ARunThatWasInterruptedRunsAgain) {
  Diary diary;
  start();
  const auto agenda = std::make_shared<Agenda>();
  agenda->add_queue("q", queue(
                             [&](JobId job, std::string_view) -> Result<void> {
                               diary.add("begun");
                               becomes([&] { return engine_->stopping(*agenda, job).value_or(true); });
                               return Error{ErrorCode::unavailable, "interrupted"};
                             },
                             1));
  engine_->attach(agenda, "polls", nullptr);
  ASSERT_TRUE(enqueue(*agenda, "polls", {"1"}));
  ASSERT_TRUE(diary.has(1));
  EXPECT_TRUE(engine_->detach(agenda, kPatience));
  EXPECT_EQ(waiting("polls"), 1);
  engine_->attach(listing(diary), "polls", nullptr);
  ASSERT_TRUE(diary.has(2));
  EXPECT_THAT(diary.entries(), ElementsAre("begun", "1"));
}

TEST_F(QueueTest, FailuresAreTriedAgainAndThenParked) {
  Diary diary;
  start();
  const auto agenda = std::make_shared<Agenda>();
  agenda->add_queue("q", queue(
                             [&](JobId, std::string_view payload) -> Result<void> {
                               diary.add(std::string(payload));
                               if (payload == "throws") throw std::runtime_error("no");
                               if (payload == "fails") return Error{ErrorCode::conflict, "never"};
                               return {};
                             },
                             3));
  engine_->attach(agenda, "polls", nullptr);
  ASSERT_TRUE(enqueue(*agenda, "polls", {"fails", "throws", "works"}));
  ASSERT_TRUE(diary.has(7));
  EXPECT_TRUE(becomes([&] { return engine_->counts()["polls"].parked == 2; }));
  EXPECT_EQ(waiting("polls"), 0);
  EXPECT_THAT(diary.entries(),
              UnorderedElementsAre("fails", "fails", "fails", "throws", "throws", "throws", "works"));
  restart();
  EXPECT_EQ(engine_->counts()["polls"].parked, 2);
  EXPECT_EQ(waiting("polls"), 0);
}

TEST_F(QueueTest, ParkedEntriesMayBeTriedAgain) {
  Diary diary;
  bool works = false;
  start();
  const auto agenda = std::make_shared<Agenda>();
  agenda->add_queue("q", queue(
                             [&](JobId, std::string_view payload) -> Result<void> {
                               diary.add(std::string(payload));
                               if (!works) return Error{ErrorCode::conflict, "not yet"};
                               return {};
                             },
                             2));
  engine_->attach(agenda, "polls", nullptr);
  ASSERT_TRUE(enqueue(*agenda, "polls", {"a", "b"}));
  ASSERT_TRUE(becomes([&] { return engine_->counts()["polls"].parked == 2; }));
  works = true;  // nothing runs now
  const auto entries = engine_->retry("polls");
  ASSERT_TRUE(entries);
  EXPECT_EQ(*entries, 2);
  EXPECT_TRUE(becomes([&] { return engine_->counts()["polls"].waiting == 0; }));
  EXPECT_EQ(engine_->counts()["polls"].parked, 0);
  EXPECT_THAT(diary.entries(), UnorderedElementsAre("a", "a", "b", "b", "a", "b"));
  EXPECT_EQ(*engine_->retry("polls"), 0);
  EXPECT_EQ(*engine_->retry("nobody"), 0);
}

TEST_F(QueueTest, OnlyTheNewestParkedEntriesAreKept) {
  start({.parked = 3});
  const auto agenda = std::make_shared<Agenda>();
  agenda->add_queue("q", queue(
                             [](JobId, std::string_view) -> Result<void> {
                               return Error{ErrorCode::conflict, "never"};
                             },
                             1));
  engine_->attach(agenda, "polls", nullptr);
  ASSERT_TRUE(enqueue(*agenda, "polls", {"1", "2", "3", "4", "5"}));
  EXPECT_TRUE(becomes([&] { return waiting("polls") == 0; }));
  EXPECT_EQ(engine_->counts()["polls"].parked, 3);
}

TEST_F(QueueTest, AnEntryWaitsForItsTime) {
  Diary diary;
  start();
  const AgendaPtr agenda = listing(diary);
  engine_->attach(agenda, "polls", nullptr);
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t at = std::chrono::duration_cast<milliseconds>(wall).count() + 300;
  ASSERT_TRUE(enqueue(*agenda, "polls", {"later"}, at));
  ASSERT_TRUE(enqueue(*agenda, "polls", {"now"}));
  ASSERT_TRUE(diary.has(2));
  EXPECT_THAT(diary.entries(), ElementsAre("now", "later"));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_GE(std::chrono::duration_cast<milliseconds>(now).count(), at);
}

TEST_F(QueueTest, BoundsAreKept) {
  Diary diary;
  start({.runs = false, .waiting = 3});
  const AgendaPtr agenda = listing(diary);
  engine_->attach(agenda, "polls", nullptr);
  const auto code = [](const Result<void>& result) { return result ? ErrorCode{} : result.error().code; };
  EXPECT_EQ(code(enqueue(*agenda, "polls", {std::string(kMostPayload + 1, 'x')})), ErrorCode::too_large);
  EXPECT_EQ(code(enqueue(*agenda, "polls", {"1"}, 0, "other")), ErrorCode::not_found);
  EXPECT_EQ(code(enqueue(*agenda, "polls", {"1", "2", "3", "4"})), ErrorCode::overloaded);
  EXPECT_EQ(waiting("polls"), 0);
  EXPECT_TRUE(enqueue(*agenda, "polls", {std::string(kMostPayload, 'x'), "2", "3"}));
  EXPECT_EQ(code(enqueue(*agenda, "polls", {"4"})), ErrorCode::overloaded);
  EXPECT_TRUE(enqueue(*agenda, "chat", {"1"}));  // of another owner
}

TEST_F(QueueTest, AnUpgradeTakesTheQueueOverOneRunAtATime) {
  Diary diary;
  Gate gate;
  start();
  const auto old = std::make_shared<Agenda>();
  old->add_queue("q", queue([&](JobId, std::string_view payload) -> Result<void> {
                   gate.pass();
                   diary.add("old " + std::string(payload));
                   return {};
                 }));
  engine_->attach(old, "polls", nullptr);
  ASSERT_TRUE(enqueue(*old, "polls", {"1", "2"}));
  ASSERT_TRUE(gate.somebody_came());
  const auto fresh = std::make_shared<Agenda>();
  fresh->add_queue("q", queue([&](JobId, std::string_view payload) -> Result<void> {
                     diary.add("new " + std::string(payload));
                     return {};
                   }));
  engine_->attach(fresh, "polls", nullptr);
  EXPECT_FALSE(engine_->detach(old, milliseconds(50)));
  EXPECT_THAT(diary.entries(), IsEmpty());
  gate.open();
  ASSERT_TRUE(diary.has(2));
  EXPECT_THAT(diary.entries(), ElementsAre("old 1", "new 2"));
  EXPECT_TRUE(engine_->detach(old, kPatience));
}

}  // namespace
}  // namespace stoa::core::jobs
