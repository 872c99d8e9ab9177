#include <sys/stat.h>

#include <thread>

#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

class Writes : public StorageTest {
 protected:
  void SetUp() override { create("posts", "CREATE TABLE posts_n (n BIGINT PRIMARY KEY);"); }
  void submit(std::int64_t n, std::promise<Result<void>>& outcome, bool low_priority = false) {
    db().write(
        "posts",
        [n](Transaction& transaction) {
          return exec(transaction, "INSERT INTO posts_n (n) VALUES (?1)", {number(n)});
        },
        [&outcome](Result<void> result) { outcome.set_value(std::move(result)); }, low_priority);
  }
};

TEST_F(Writes, ThatWaitTogetherShareOneCommit) {
  std::vector<std::promise<Result<void>>> outcomes(50);
  Hold hold(db());
  const auto before = db().statistics();
  for (std::size_t i = 0; i < outcomes.size(); ++i) submit(static_cast<std::int64_t>(i), outcomes[i]);
  hold.end();
  for (auto& outcome : outcomes) EXPECT_TRUE(outcome.get_future().get());
  const auto after = db().statistics();
  EXPECT_EQ(after.commits - before.commits, 2u);  // the holder's own, and one for all
  EXPECT_EQ(after.closures - before.closures, 51u);
}

TEST_F(Writes, AGroupHasALimit) {
  DatabaseOptions small = options();
  small.group_limit = 10;
  open(small);
  std::vector<std::promise<Result<void>>> outcomes(50);
  Hold hold(db());
  const auto before = db().statistics();
  for (std::size_t i = 0; i < outcomes.size(); ++i) submit(static_cast<std::int64_t>(i), outcomes[i]);
  hold.end();
  for (auto& outcome : outcomes) EXPECT_TRUE(outcome.get_future().get());
  EXPECT_EQ(db().statistics().commits - before.commits, 6u);
}

TEST_F(Writes, AFailedOneLeavesNoTraceAndHarmsNobody) {
  std::vector<Result<void>> results(4);
  std::promise<void> all;
  std::atomic<int> left{4};
  std::atomic<int> actions{0};
  auto done = [&](std::size_t i) {
    return [&, i](Result<void> result) {
      results[i] = std::move(result);
      if (--left == 0) all.set_value();
    };
  };
  auto insert = [&](std::int64_t n) {
    return [&, n](Transaction& transaction) -> Result<void> {
      transaction.on_commit([&] { actions += static_cast<int>(n); });
      return exec(transaction, "INSERT INTO posts_n (n) VALUES (?1)", {number(n)});
    };
  };
  {
    Hold hold(db());
    db().write("posts", insert(1), done(0));
    db().write(
        "posts",
        [&](Transaction& transaction) -> Result<void> {
          EXPECT_TRUE(insert(100)(transaction));
          return Error{ErrorCode::precondition_failed, "no", {}};
        },
        done(1));
    db().write(
        "posts",
        [&](Transaction& transaction) -> Result<void> {
          EXPECT_TRUE(insert(200)(transaction));
          throw std::runtime_error("thrown");
        },
        done(2));
    db().write("posts", insert(2), done(3));
  }
  all.get_future().wait();
  EXPECT_TRUE(results[0]);
  EXPECT_EQ(results[1].error().code, ErrorCode::precondition_failed);
  EXPECT_EQ(results[2].error().code, ErrorCode::internal);
  EXPECT_EQ(results[2].error().message.find("thrown"), std::string::npos);
  EXPECT_TRUE(results[3]);
  EXPECT_EQ(read("posts", "SELECT n FROM posts_n ORDER BY n"), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(actions, 3);
  EXPECT_TRUE(log_.contains("A write of posts threw: thrown"));
}

TEST_F(Writes, InsideAWriteAreErrors) {
  Result<void> waiting, reading, migrating, trimming;
  std::promise<Result<void>> queued;
  auto done = db().write("posts", [&](Transaction&) -> Result<void> {
    waiting = write("posts", "INSERT INTO posts_n (n) VALUES (1)");
    reading = db().read("posts", [](Transaction&) -> Result<void> { return {}; });
    db().write(
        "posts", [](Transaction&) -> Result<void> { return {}; },
        [&](Result<void> result) { queued.set_value(std::move(result)); });
    auto migrated = db().migrate("posts", {});
    migrating = migrated ? Result<void>() : migrated.error();
    auto trimmed = db().trim(0);
    trimming = trimmed ? Result<void>() : trimmed.error();
    EXPECT_FALSE(db().backup(path("copy.db")));
    return {};
  });
  EXPECT_TRUE(done);
  for (const Result<void>* result : {&waiting, &reading, &migrating, &trimming}) {
    ASSERT_FALSE(*result);
    EXPECT_EQ(result->error().code, ErrorCode::internal);
  }
  EXPECT_EQ(queued.get_future().get().error().code, ErrorCode::internal);
}

TEST_F(Writes, MayFollowFromACompletion) {
  std::promise<Result<void>> second;
  db().write(
      "posts", [](Transaction&) -> Result<void> { return {}; }, [&](Result<void>) { submit(5, second); });
  EXPECT_TRUE(second.get_future().get());
  EXPECT_EQ(read_one("posts", "SELECT n FROM posts_n"), 5);
}

TEST_F(Writes, ACompletionThatThrowsHarmsNobody) {
  std::promise<Result<void>> second;
  {
    Hold hold(db());
    db().write(
        "posts", [](Transaction&) -> Result<void> { return {}; }, [](Result<void>) { throw 42; });
    submit(5, second);
  }
  EXPECT_TRUE(second.get_future().get());
  EXPECT_TRUE(log_.contains("A completion threw"));
}

TEST_F(Writes, BeyondTheQueueAreRefusedAtOnce) {
  DatabaseOptions small = options();
  small.queue_limit = 3;
  open(small);
  std::vector<std::promise<Result<void>>> outcomes(5);
  {
    Hold hold(db());
    for (std::size_t i = 0; i < outcomes.size(); ++i) submit(static_cast<std::int64_t>(i), outcomes[i]);
    for (std::size_t i = 3; i < 5; ++i) {
      auto refused = outcomes[i].get_future();
      ASSERT_EQ(refused.wait_for(std::chrono::seconds(0)), std::future_status::ready);
      EXPECT_EQ(refused.get().error().code, ErrorCode::overloaded);
    }
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(outcomes[i].get_future().get());
}

TEST_F(Writes, OwnersTakeTurns) {
  std::vector<std::string> order;
  std::promise<void> all;
  {
    Hold hold(db());
    for (int i = 0; i < 20; ++i) {
      db().write(
          "greedy",
          [&](Transaction&) -> Result<void> {
            order.push_back("greedy");
            return {};
          },
          [](Result<void>) {});
    }
    db().write(
        "modest",
        [&](Transaction&) -> Result<void> {
          order.push_back("modest");
          return {};
        },
        [&](Result<void>) { all.set_value(); });
  }
  all.get_future().wait();
  ASSERT_GE(order.size(), 2u);
  EXPECT_EQ(order[1], "modest");
}

TEST_F(Writes, OfLowPriorityGetTheirTurns) {
  DatabaseOptions small = options();
  small.group_limit = 2;
  small.low_priority_wait = std::chrono::hours(1);
  open(small);
  std::vector<int> order;
  std::promise<void> all;
  std::atomic<int> left{42};
  auto done = [&](Result<void>) {
    if (--left == 0) all.set_value();
  };
  {
    Hold hold(db());
    for (int i = 0; i < 2; ++i) {
      db().write(
          "posts",
          [&](Transaction&) -> Result<void> {
            order.push_back(0);
            return {};
          },
          done, true);
    }
    for (int i = 0; i < 40; ++i) {
      db().write(
          "posts",
          [&](Transaction&) -> Result<void> {
            order.push_back(1);
            return {};
          },
          done);
    }
  }
  all.get_future().wait();
  const auto first = std::find(order.begin(), order.end(), 0) - order.begin();
  EXPECT_GT(first, 2);   // behind the others
  EXPECT_LT(first, 30);  // but not behind all of them
}

TEST_F(Writes, OfLowPriorityJoinTheCommitsOfOthers) {
  DatabaseOptions patient = options();
  patient.low_priority_wait = std::chrono::hours(1);
  open(patient);
  std::atomic<bool> is_done{false};
  // The first write is the foreground that low priority waits for.
  ASSERT_TRUE(write("posts", "INSERT INTO posts_n (n) VALUES (-1)"));
  const auto before = db().statistics();
  std::promise<Result<void>> low;
  db().write(
      "posts",
      [](Transaction& transaction) { return exec(transaction, "INSERT INTO posts_n (n) VALUES (100)"); },
      [&](Result<void> result) {
        is_done = true;
        low.set_value(std::move(result));
      },
      true);
  std::int64_t writes = 0;
  while (!is_done) ASSERT_TRUE(write("posts", "INSERT INTO posts_n (n) VALUES (?1)", {number(writes++)}));
  EXPECT_TRUE(low.get_future().get());
  EXPECT_EQ(db().statistics().commits - before.commits, static_cast<std::uint64_t>(writes));
}

TEST_F(Writes, OfLowPriorityDoNotWaitForOthersForLong) {
  std::promise<Result<void>> low;
  ASSERT_TRUE(write("posts", "INSERT INTO posts_n (n) VALUES (1)"));
  submit(2, low, true);
  EXPECT_TRUE(low.get_future().get());
}

TEST_F(Writes, OfLowPriorityAreDoneBeforeTheEnd) {
  DatabaseOptions patient = options();
  patient.low_priority_wait = std::chrono::hours(1);
  open(patient);
  std::promise<Result<void>> low;
  ASSERT_TRUE(write("posts", "INSERT INTO posts_n (n) VALUES (1)"));
  submit(2, low, true);
  db().close();
  EXPECT_TRUE(low.get_future().get());
}

TEST_F(Writes, ASlowOneIsNamedAndAStuckOneReported) {
  std::promise<std::string> stuck;
  DatabaseOptions hasty = options();
  hasty.slow_closure = std::chrono::milliseconds(5);
  hasty.stuck_closure = std::chrono::milliseconds(10);
  hasty.on_stuck = [&](const std::string& owner) { stuck.set_value(owner); };
  open(hasty);
  auto named = stuck.get_future();
  auto done = db().write("posts", [&](Transaction&) -> Result<void> {
    named.wait();
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(named.get(), "posts");
  EXPECT_TRUE(log_.contains("A write of posts holds up all others"));
}

TEST_F(Writes, AfterCloseAreRefused) {
  std::vector<std::promise<Result<void>>> outcomes(3);
  for (std::size_t i = 0; i < 3; ++i) submit(static_cast<std::int64_t>(i), outcomes[i]);
  db().close();
  for (auto& outcome : outcomes) EXPECT_TRUE(outcome.get_future().get());  // what was queued is finished
  EXPECT_EQ(write("posts", "SELECT 1").error().code, ErrorCode::unavailable);
  EXPECT_EQ(db().read("posts", [](Transaction&) -> Result<void> { return {}; }).error().code,
            ErrorCode::unavailable);
  EXPECT_EQ(db().backup(path("copy.db")).error().code, ErrorCode::unavailable);
  EXPECT_FALSE(db().subscribe({.owner = "posts",
                               .name = "n",
                               .types = {},
                               .apply = [](auto&, auto&) { return Result<void>(); },
                               .gap = {}}));
  db().close();
  EXPECT_FALSE(std::filesystem::exists(path("stoa.db-wal")));
  open();
  EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_n"), 3);
}

TEST_F(Writes, TheFileIsForItsOwnerOnly) {
  struct stat facts {};
  for (const char* name : {"stoa.db", "stoa.db-wal", "stoa.db-shm"}) {
    ASSERT_EQ(::stat(path(name).c_str(), &facts), 0) << name;
    EXPECT_EQ(facts.st_mode & 0777, 0600u) << name;
  }
}

}  // namespace
}  // namespace stoa::core::storage
