#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

class DurableSubscribers : public StorageTest {
 protected:
  void SetUp() override {
    create("counter",
           "CREATE TABLE counter_seen (seq BIGINT PRIMARY KEY); CREATE TABLE counter_total (n BIGINT NOT "
           "NULL); INSERT INTO counter_total VALUES (0);");
  }

  static Result<void> count(Transaction& transaction, const Event& event) {
    auto seen = exec(transaction, "INSERT INTO counter_seen (seq) VALUES (?1)",
                     {number(static_cast<std::int64_t>(event.seq))});
    if (!seen) return seen;
    return exec(transaction, "UPDATE counter_total SET n = n + 1");
  }
  static Database::Durable counter(std::vector<std::string> types) {
    return {.owner = "counter",
            .name = "count",
            .types = std::move(types),
            .from_oldest = false,
            .apply = count,
            .gap = {}};
  }
  Result<std::uint64_t> emit(const std::string& type) {
    return StorageTest::emit(type.substr(0, type.find('.')), {type, "", {}, "{}"});
  }
  // Until the subscriber's cursor has reached an event that is emitted now. The write after it comes in a
  // later group.
  void settle() {
    auto last = emit("posts.settle");
    ASSERT_TRUE(last);
    while (read_one("core", "SELECT count(*) FROM core_cursor WHERE seq >= ?1",
                    {number(static_cast<std::int64_t>(*last))}) == 0) {
      ASSERT_TRUE(write("core", "SELECT 1"));
    }
  }
  std::vector<std::int64_t> seen() { return read("counter", "SELECT seq FROM counter_seen ORDER BY seq"); }
};

TEST_F(DurableSubscribers, TakeWhatTheyAskedForFromNowOn) {
  ASSERT_TRUE(emit("posts.before"));  // 1
  auto handle = db().subscribe(counter({"posts.comment.created", "posts.settle", "chat.*"}));
  ASSERT_TRUE(handle) << why(handle);
  ASSERT_TRUE(emit("posts.comment.created"));   // 2
  ASSERT_TRUE(emit("posts.comment.createdx"));  // 3
  ASSERT_TRUE(emit("chat.a"));                  // 4
  ASSERT_TRUE(emit("chat.a.b"));                // 5
  ASSERT_TRUE(emit("chatter.a"));               // 6
  settle();                                     // 7
  EXPECT_EQ(seen(), (std::vector<std::int64_t>{2, 4, 5, 7}));
  EXPECT_EQ(read_one("counter", "SELECT n FROM counter_total"), 4);
}

TEST_F(DurableSubscribers, MayBeginWithTheOldest) {
  for (int i = 0; i < 250; ++i) ASSERT_TRUE(emit("posts.a"));
  Database::Durable all = counter({"posts.*"});
  all.from_oldest = true;
  auto handle = db().subscribe(all);
  settle();
  EXPECT_EQ(seen().size(), 251u);
}

TEST_F(DurableSubscribers, AreNotSentTheirOwn) {
  auto handle = db().subscribe(counter({"counter.*", "posts.*"}));
  ASSERT_TRUE(emit("counter.a"));
  ASSERT_TRUE(emit("posts.a"));
  settle();
  EXPECT_EQ(seen(), (std::vector<std::int64_t>{2, 3}));
}

TEST_F(DurableSubscribers, MayEmitInTheirTurn) {
  Database::Durable echo = counter({"posts.*"});
  echo.apply = [](Transaction& transaction, const Event& event) -> Result<void> {
    auto emitted = transaction.emit({"counter.echo", event.type, {}, "{}"});
    if (!emitted) return emitted.error();
    return count(transaction, event);
  };
  auto handle = db().subscribe(echo);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(emit("posts.a"));
  settle();
  EXPECT_EQ(seen().size(), 21u);
  EXPECT_EQ(read_one("core", "SELECT count(*) FROM core_event WHERE type = 'counter.echo'"), 21);
  EXPECT_EQ(published().size(), 42u);
}

TEST_F(DurableSubscribers, GoOnWhereTheyStopped) {
  {
    auto handle = db().subscribe(counter({"posts.*"}));
    ASSERT_TRUE(emit("posts.a"));
    settle();
    EXPECT_EQ(db().subscribe(counter({"posts.*"})).error().code, ErrorCode::conflict);
  }
  ASSERT_TRUE(emit("posts.a"));  // while it was off
  EXPECT_EQ(seen(), (std::vector<std::int64_t>{1, 2}));
  {
    auto handle = db().subscribe(counter({"posts.*"}));
    ASSERT_TRUE(handle);
    settle();
    EXPECT_EQ(seen(), (std::vector<std::int64_t>{1, 2, 3, 4}));
  }
  open();
  ASSERT_TRUE(emit("posts.a"));
  auto handle = db().subscribe(counter({"posts.*"}));
  settle();
  EXPECT_EQ(seen(), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(read_one("counter", "SELECT n FROM counter_total"), 6);
}

TEST_F(DurableSubscribers, ParkWhatFailsFiveTimes) {
  std::atomic<int> tries{0}, thrown{0};
  Database::Durable picky = counter({"posts.*"});
  picky.apply = [&](Transaction& transaction, const Event& event) -> Result<void> {
    if (auto done = count(transaction, event); !done) return done;
    EXPECT_TRUE(transaction.emit({"counter.trace", "", {}, "{}"}));
    if (event.seq == 2) {
      ++tries;
      return Error{ErrorCode::validation, "two is refused", {}};
    }
    if (event.seq == 3 && ++thrown < 5) throw std::runtime_error("three is hard");
    return {};
  };
  Hold hold(db());
  std::vector<std::promise<void>> emitted(3);
  for (auto& each : emitted) {
    db().write(
        "posts",
        [](Transaction& transaction) -> Result<void> {
          auto seq = transaction.emit({"posts.a", "", {}, "{}"});
          return seq ? Result<void>() : seq.error();
        },
        [&](Result<void>) { each.set_value(); });
  }
  auto handle = std::async(std::launch::async, [&] {
    picky.from_oldest = true;
    return db().subscribe(picky);
  });
  hold.end();
  for (auto& each : emitted) each.get_future().wait();
  auto subscription = handle.get();
  ASSERT_TRUE(subscription);
  settle();
  EXPECT_EQ(tries, 5);
  EXPECT_EQ(thrown, 5);
  EXPECT_EQ(seen(), (std::vector<std::int64_t>{
                        1, 3,
                        static_cast<std::int64_t>(read_one(
                            "core", "SELECT max(seq) FROM core_event WHERE type = 'posts.settle'"))}));
  EXPECT_EQ(read("core",
                 "SELECT seq FROM core_parked WHERE owner = 'counter' AND name = 'count' AND error = 'two is "
                 "refused'"),
            std::vector<std::int64_t>{2});
  EXPECT_EQ(read_one("core", "SELECT count(*) FROM core_event WHERE type = 'counter.trace'"), 3);
  EXPECT_TRUE(log_.contains("Event 2 (posts.a) failed 5 times for counter as count"));
}

TEST_F(DurableSubscribers, AreToldWhatWasTrimmed) {
  { auto handle = db().subscribe(counter({"posts.*"})); }
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(emit("posts.a"));
  now_ms_ = 9'000;
  EXPECT_EQ(*db().trim(9'000), 5);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps;
  Database::Durable told = counter({"posts.*"});
  told.gap = [&](std::uint64_t from, std::uint64_t to) { gaps.emplace_back(from, to); };
  auto handle = db().subscribe(told);
  settle();
  EXPECT_EQ(gaps, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 5}}));
  EXPECT_EQ(seen(), std::vector<std::int64_t>{6});
}

// An event nobody wants must not cost a transaction.
TEST_F(DurableSubscribers, SleepThroughWhatTheyDoNotWant) {
  auto handle = db().subscribe(counter({"chat.*", "posts.settle"}));
  ASSERT_TRUE(handle);
  settle();  // its first turn is over
  const auto before = db().statistics().commits;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(emit("posts.a"));
  EXPECT_EQ(db().statistics().commits - before, 20u);
}

TEST_F(DurableSubscribers, EndingWaitsForARunningTurn) {
  std::promise<void> begun, go_on;
  std::atomic<bool> ended{false};
  std::atomic<int> calls{0};
  Database::Durable slow = counter({"posts.*"});
  slow.apply = [&](Transaction&, const Event&) -> Result<void> {
    if (++calls == 1) {
      begun.set_value();
      go_on.get_future().wait();
      EXPECT_FALSE(ended);
    }
    return {};
  };
  auto handle = db().subscribe(slow);
  ASSERT_TRUE(emit("posts.a"));
  begun.get_future().wait();
  std::thread ending([&] {
    handle->reset();
    ended = true;
  });
  go_on.set_value();
  ending.join();
  const int before = calls;
  ASSERT_TRUE(emit("posts.a"));
  ASSERT_TRUE(write("core", "SELECT 1"));
  EXPECT_EQ(calls, before);
}

TEST_F(DurableSubscribers, MayEndThemselvesAndOutliveTheDatabase) {
  std::shared_ptr<void> handle;
  std::promise<void> applied;
  std::promise<void> placed;
  Database::Durable once = counter({"posts.*"});
  once.apply = [&](Transaction&, const Event&) -> Result<void> {
    placed.get_future().wait();
    handle.reset();
    applied.set_value();
    return {};
  };
  auto subscribed = db().subscribe(once);
  handle = std::move(*subscribed);
  subscribed = std::shared_ptr<void>();
  placed.set_value();
  ASSERT_TRUE(emit("posts.a"));
  applied.get_future().wait();
  ASSERT_TRUE(emit("posts.a"));
  auto other = db().subscribe(counter({"posts.*"}));
  ASSERT_TRUE(other) << why(other);
  database_.reset();
  other->reset();
}

// A process applies and emits; it is killed anywhere; nothing acknowledged is lost and nothing is applied
// twice.
TEST_F(DurableSubscribers, ApplyOnceThoughKilled) {
  database_.reset();
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 6; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      DatabaseOptions plain;
      plain.path = path();
      auto database = Database::open(plain);
      if (!database) ::_exit(1);
      Database::Durable all = counter({"posts.*"});
      all.from_oldest = true;
      auto handle = (*database)->subscribe(all);
      if (!handle) ::_exit(2);
      std::vector<std::thread> threads;
      for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
          for (;;) {
            std::uint64_t seq = 0;
            auto done = (*database)->write("posts", [&](Transaction& transaction) -> Result<void> {
              auto emitted = transaction.emit({"posts.a", "", {"posts"}, "{}"});
              if (!emitted) return emitted.error();
              seq = *emitted;
              return {};
            });
            if (!done || ::write(ends[1], &seq, sizeof seq) != sizeof seq) ::_exit(3);
          }
        });
      }
      for (std::thread& thread : threads) thread.join();
    }
    ::close(ends[1]);
    std::uint64_t seq = 0;
    for (auto wanted = std::uniform_int_distribution<int>(1, 400)(random); wanted > 0; --wanted) {
      ASSERT_EQ(::read(ends[0], &seq, sizeof seq), static_cast<ssize_t>(sizeof seq))
          << "the child ended by itself";
      acknowledged = std::max(acknowledged, seq);
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    while (::read(ends[0], &seq, sizeof seq) == static_cast<ssize_t>(sizeof seq))
      acknowledged = std::max(acknowledged, seq);
    ::close(ends[0]);
  }
  open();
  EXPECT_GE(db().head(), acknowledged);
  EXPECT_EQ(*db().integrity(), "ok");
  auto handle = db().subscribe(counter({"posts.*"}));
  settle();
  const auto events = static_cast<std::int64_t>(db().head());
  EXPECT_EQ(read_one("core", "SELECT count(*) FROM core_event"), events);
  EXPECT_EQ(read_one("counter", "SELECT count(*) FROM counter_seen"), events);
  EXPECT_EQ(read_one("counter", "SELECT n FROM counter_total"), events);
}

}  // namespace
}  // namespace stoa::core::storage
