#include <thread>

#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

class Threads : public StorageTest {};

// Accounts whose sum never changes: each reader must see it whole, in every snapshot.
TEST_F(Threads, ReadersSeeWholeCommits) {
  DatabaseOptions narrow = options();
  narrow.reader_limit = 3;
  open(narrow);
  create("bank",
         "CREATE TABLE bank_account (id INTEGER PRIMARY KEY, n BIGINT NOT NULL);"
         "INSERT INTO bank_account VALUES (1, 100), (2, 100), (3, 100), (4, 100);");
  std::atomic<int> transfers{0}, refusals{0}, heard{0}, reads{0};
  auto subscription = db().subscribe({.owner = "audit",
                                      .name = "all",
                                      .types = {"bank.*"},
                                      .from_oldest = false,
                                      .apply = [&](Transaction&, const Event&) -> Result<void> {
                                        ++heard;
                                        return {};
                                      },
                                      .gap = {}});
  ASSERT_TRUE(subscription);
  constexpr int kEach = 60;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::int64_t from = (t + i) % 4 + 1, to = (t + i * 3 + 1) % 4 + 1;
        auto done = db().write("bank", [&](Transaction& transaction) -> Result<void> {
          if (auto taken =
                  exec(transaction, "UPDATE bank_account SET n = n - 1 WHERE id = ?1", {number(from)});
              !taken)
            return taken;
          if (i % 5 == 0) return Error{ErrorCode::precondition_failed, "on second thought", {}};
          if (auto given = exec(transaction, "UPDATE bank_account SET n = n + 1 WHERE id = ?1", {number(to)});
              !given)
            return given;
          auto seq = transaction.emit({"bank.moved", "", {"account:" + std::to_string(from)}, "{}"});
          return seq ? Result<void>() : seq.error();
        });
        ++(done ? transfers : refusals);
      }
    });
  }
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      std::uint64_t last = 0;
      for (int i = 0; i < kEach; ++i) {
        EXPECT_EQ(read_one("bank", "SELECT sum(n) FROM bank_account"), 400);
        auto stretch = db().events(last, db().head(), std::vector<std::string>{"account:1", "account:2"}, 10);
        EXPECT_TRUE(stretch) << why(stretch);
        if (stretch && !stretch->events.empty()) last = stretch->events.back()->seq;
        ++reads;
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(db().backup(path("copy" + std::to_string(i))));
    EXPECT_TRUE(db().trim(0));
    EXPECT_EQ(*db().integrity(), "ok");
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(transfers + refusals, 4 * kEach);
  EXPECT_EQ(db().head(), static_cast<std::uint64_t>(transfers));
  EXPECT_EQ(published().size(), static_cast<std::size_t>(transfers));
  while (heard < transfers) ASSERT_TRUE(write("core", "SELECT 1"));
  EXPECT_EQ(heard, transfers);
}

TEST_F(Threads, ClosingWhileOthersWork) {
  create("posts", "CREATE TABLE posts_n (n INTEGER PRIMARY KEY);");
  std::atomic<int> succeeded{0};
  std::vector<std::thread> threads;
  std::promise<void> warm;
  std::once_flag once;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (;;) {
        Result<void> done = t % 2 ? write("posts", "INSERT INTO posts_n DEFAULT VALUES")
                                  : db().read("posts", [](Transaction& transaction) -> Result<void> {
                                      auto found = integers(transaction, "SELECT count(*) FROM posts_n");
                                      return found ? Result<void>() : found.error();
                                    });
        if (!done) {
          EXPECT_EQ(done.error().code, ErrorCode::unavailable) << why(done);
          return;
        }
        if (t % 2) ++succeeded;
        if (succeeded > 10) std::call_once(once, [&] { warm.set_value(); });
      }
    });
  }
  warm.get_future().wait();
  db().close();
  for (std::thread& thread : threads) thread.join();
  open();
  EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_n"), succeeded);
}

TEST_F(Threads, MoreReadsThanSessionsWaitForOneAnother) {
  DatabaseOptions narrow = options();
  narrow.reader_limit = 1;
  narrow.busy_timeout_ms = 10;
  open(narrow);
  std::promise<void> inside, over;
  std::thread holding([&] {
    EXPECT_TRUE(db().read("posts", [&](Transaction&) -> Result<void> {
      inside.set_value();
      over.get_future().wait();
      return {};
    }));
  });
  inside.get_future().wait();
  EXPECT_EQ(db().read("posts", [](Transaction&) -> Result<void> { return {}; }).error().code,
            ErrorCode::overloaded);
  over.set_value();
  holding.join();
  EXPECT_TRUE(db().read("posts", [](Transaction&) -> Result<void> { return {}; }));
}

}  // namespace
}  // namespace stoa::core::storage
