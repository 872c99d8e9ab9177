#include <set>
#include <thread>

#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

using Seqs = std::vector<std::uint64_t>;

class EventLog : public StorageTest {
 protected:
  static NewEvent event(std::string type, std::vector<std::string> channels, std::string data = "{}",
                        std::string subject = "") {
    return {std::move(type), std::move(subject), std::move(channels), std::move(data)};
  }
  static Seqs seqs(const Result<Database::Stretch>& stretch) {
    Seqs result;
    if (stretch) {
      for (const EventPtr& entry : stretch->events) result.push_back(entry->seq);
    }
    return result;
  }
  Seqs replay(std::uint64_t since, std::vector<std::string> channels, std::size_t limit = 100) {
    return seqs(db().events(since, db().head(), channels, limit));
  }
};

TEST_F(EventLog, KeepsWhatWasEmitted) {
  now_ms_ = 77;
  auto seq =
      emit("posts", event("posts.comment.created", {"posts", "category:3"}, R"({"id":17})", "comment:17"));
  ASSERT_TRUE(seq) << why(seq);
  EXPECT_EQ(*seq, 1u);
  EXPECT_EQ(db().head(), 1u);
  auto stretch = db().events(0, 1, {}, 10);
  ASSERT_TRUE(stretch);
  ASSERT_EQ(stretch->events.size(), 1u);
  for (const EventPtr& entry : {stretch->events[0], published().at(0)}) {
    EXPECT_EQ(entry->seq, 1u);
    EXPECT_EQ(entry->time_ms, 77);
    EXPECT_EQ(entry->owner, "posts");
    EXPECT_EQ(entry->type, "posts.comment.created");
    EXPECT_EQ(entry->subject, "comment:17");
    EXPECT_EQ(entry->channels, (std::vector<std::string>{"posts", "category:3"}));
    EXPECT_EQ(entry->data, R"({"id":17})");
  }
  EXPECT_FALSE(stretch->more);
  EXPECT_FALSE(stretch->trimmed);
}

TEST_F(EventLog, RefusesWhatIsNoEvent) {
  EXPECT_EQ(emit("posts", event("chat.message", {"x"})).error().code, ErrorCode::validation);
  EXPECT_EQ(emit("posts", event("posts.", {"x"})).error().code, ErrorCode::validation);
  EXPECT_EQ(emit("posts", event("postsx.y", {"x"})).error().code, ErrorCode::validation);
  EXPECT_EQ(emit("posts", event("posts.a", {""})).error().code, ErrorCode::validation);
  EXPECT_EQ(emit("posts", event("posts.a", {"a\nb"})).error().code, ErrorCode::validation);
  EXPECT_EQ(emit("posts", event("posts.a", {"a"}, "[]")).error().code, ErrorCode::validation);
  EXPECT_EQ(db().head(), 0u);
}

TEST_F(EventLog, SeqIsTheOrderOfCommits) {
  create("posts", "CREATE TABLE posts_n (n BIGINT PRIMARY KEY, seq BIGINT);");
  constexpr int kThreads = 8, kEach = 100;
  std::atomic<int> next{0}, succeeded{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        const int n = next++;
        auto done = db().write("posts", [&](Transaction& transaction) -> Result<void> {
          EXPECT_TRUE(transaction.log_head());
          auto seq = transaction.emit({"posts.n", "", {"posts"}, "{\"n\":" + std::to_string(n) + "}"});
          if (!seq) return seq.error();
          EXPECT_EQ(*transaction.log_head(), *seq);
          auto inserted = exec(transaction, "INSERT INTO posts_n (n, seq) VALUES (?1, ?2)",
                               {number(n), number(static_cast<std::int64_t>(*seq))});
          if (!inserted) return inserted;
          if (n % 7 == 0) return Error{ErrorCode::precondition_failed, "every seventh", {}};
          return {};
        });
        if (done) ++succeeded;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto events = published();
  ASSERT_EQ(events.size(), static_cast<std::size_t>(succeeded));
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i]->seq, i + 1);  // no hole, no repetition
  EXPECT_EQ(read("posts", "SELECT seq FROM posts_n ORDER BY rowid").size(), events.size());
  EXPECT_EQ(read("posts", "SELECT seq FROM posts_n ORDER BY seq"),
            read("posts", "SELECT seq FROM posts_n ORDER BY rowid"));
  EXPECT_EQ(seqs(db().events(0, db().head(), {}, 10'000)).size(), events.size());
}

TEST_F(EventLog, SeqsGoOnAfterReopeningAnEmptyLog) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(emit("posts", event("posts.a", {"posts"})));
  now_ms_ = 5'000;
  EXPECT_EQ(*db().trim(5'000), 3);
  open();
  EXPECT_EQ(db().head(), 3u);
  EXPECT_EQ(*emit("posts", event("posts.a", {"posts"})), 4u);
}

// Actions, then events, then the head, then the completion; and each finds what came before it done.
TEST_F(EventLog, TellsInOrder) {
  std::vector<std::string> order;
  Database* database = nullptr;
  DatabaseOptions telling = options();
  telling.on_events = [&](std::span<const EventPtr> events) {
    order.push_back("events " + std::to_string(events.size()) + " head " + std::to_string(database->head()));
    auto stretch = std::async(std::launch::async, [&] { return database->events(0, 100, {}, 100); }).get();
    order.push_back("readable " + std::to_string(stretch ? stretch->events.size() : 0));
  };
  database = &open(telling);
  std::promise<void> all;
  {
    Hold hold(db());
    for (const int n : {1, 2}) {
      db().write(
          "posts",
          [&, n](Transaction& transaction) -> Result<void> {
            transaction.on_commit([&, n] { order.push_back("action " + std::to_string(n)); });
            auto seq = transaction.emit(event("posts.a", {"posts"}));
            if (!seq) return seq.error();
            return {};
          },
          [&, n](Result<void>) {
            order.push_back("done " + std::to_string(n) + " head " + std::to_string(database->head()));
            if (n == 2) all.set_value();
          });
    }
  }
  all.get_future().wait();
  EXPECT_EQ(order, (std::vector<std::string>{"action 1", "action 2", "events 2 head 0", "readable 2",
                                             "done 1 head 2", "done 2 head 2"}));
}

TEST_F(EventLog, ReplaysByChannelWithLimits) {
  ASSERT_TRUE(emit("posts", event("posts.a", {"a"})));            // 1
  ASSERT_TRUE(emit("posts", event("posts.a", {"b"})));            // 2
  ASSERT_TRUE(emit("posts", event("posts.a", {"a", "b", "a"})));  // 3
  ASSERT_TRUE(emit("posts", event("posts.a", {})));               // 4
  ASSERT_TRUE(emit("posts", event("posts.a", {"c"})));            // 5
  ASSERT_TRUE(emit("posts", event("posts.a", {"a"})));            // 6
  EXPECT_EQ(replay(0, {}), (Seqs{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(replay(2, {}), (Seqs{3, 4, 5, 6}));
  EXPECT_EQ(replay(0, {"a"}), (Seqs{1, 3, 6}));
  EXPECT_EQ(replay(0, {"a", "b"}), (Seqs{1, 2, 3, 6}));
  EXPECT_EQ(replay(1, {"b", "a", "c", "nobody"}), (Seqs{2, 3, 5, 6}));
  EXPECT_EQ(replay(6, {"a"}), Seqs{});
  EXPECT_EQ(seqs(db().events(0, 3, std::vector<std::string>{"a"}, 10)), (Seqs{1, 3}));
  EXPECT_EQ(seqs(db().events(0, 1'000, {}, 0)), Seqs{});
  for (const std::vector<std::string>& channels : {std::vector<std::string>{}, {"a", "b", "c"}}) {
    Seqs all;
    std::uint64_t since = 0;
    for (bool more = true; more;) {
      auto stretch = db().events(since, 6, channels, 2);
      ASSERT_TRUE(stretch);
      ASSERT_LE(stretch->events.size(), 2u);
      for (const EventPtr& entry : stretch->events) all.push_back(entry->seq);
      more = stretch->more;
      if (more) since = stretch->events.back()->seq;
    }
    EXPECT_EQ(all, channels.empty() ? (Seqs{1, 2, 3, 4, 5, 6}) : (Seqs{1, 2, 3, 5, 6}));
  }
}

TEST_F(EventLog, TrimsFromTheBeginning) {
  for (int i = 1; i <= 1'200; ++i) {
    now_ms_ = i;
    db().write(
        "posts",
        [&](Transaction& transaction) -> Result<void> {
          auto seq = transaction.emit(event("posts.a", {"a"}));
          return seq ? Result<void>() : seq.error();
        },
        i == 1'200 ? Database::Done([](Result<void>) {}) : Database::Done([](Result<void>) {}));
  }
  ASSERT_TRUE(write("posts", "SELECT 1"));
  now_ms_ = 5'000;
  ASSERT_TRUE(emit("posts", event("posts.a", {"a"})));
  ASSERT_EQ(db().head(), 1'201u);
  EXPECT_EQ(*db().trim(0), 0);
  EXPECT_EQ(*db().trim(5'000), 1'200);
  EXPECT_EQ(replay(0, {}), Seqs{1'201});
  EXPECT_EQ(replay(0, {"a"}), Seqs{1'201});
  EXPECT_TRUE(db().events(0, 2'000, {}, 10)->trimmed);
  EXPECT_TRUE(db().events(1'199, 2'000, std::vector<std::string>{"a"}, 10)->trimmed);
  EXPECT_FALSE(db().events(1'200, 2'000, {}, 10)->trimmed);
  EXPECT_EQ(read_one("core", "SELECT count(*) FROM core_event_channel"), 1);
}

TEST_F(EventLog, ADeletionEmptiesEarlierEvents) {
  ASSERT_TRUE(emit("posts", event("posts.a", {"a"}, R"({"t":"1"})", "comment:1")));
  ASSERT_TRUE(emit("posts", event("posts.a", {"a"}, R"({"t":"2"})", "comment:2")));
  ASSERT_TRUE(emit("chat", event("chat.a", {"a"}, R"({"t":"3"})", "comment:1")));
  std::promise<void> done;
  {
    Hold hold(db());
    // In one group: an event, then the deletion of its subject by another closure, then one that fails.
    db().write(
        "posts",
        [&](Transaction& transaction) -> Result<void> {
          EXPECT_TRUE(transaction.emit(event("posts.a", {"a"}, R"({"t":"4"})", "comment:1")));
          return {};
        },
        [](Result<void>) {});
    db().write(
        "posts",
        [&](Transaction& transaction) -> Result<void> {
          EXPECT_TRUE(transaction.redact("comment:1"));
          EXPECT_FALSE(transaction.redact(""));
          EXPECT_TRUE(transaction.emit(event("posts.gone", {"a"}, R"({"t":"5"})", "comment:1")));
          return {};
        },
        [](Result<void>) {});
    db().write(
        "posts",
        [&](Transaction& transaction) -> Result<void> {
          EXPECT_TRUE(transaction.redact("comment:2"));
          return Error{ErrorCode::conflict, "", {}};
        },
        [&](Result<void>) { done.set_value(); });
  }
  done.get_future().wait();
  auto stretch = db().events(0, 100, {}, 100);
  ASSERT_EQ(stretch->events.size(), 5u);
  const std::vector<std::string> expected = {"{}", R"({"t":"2"})", R"({"t":"3"})", "{}", R"({"t":"5"})"};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(stretch->events[i]->data, expected[i]) << i;
  const auto events = published();
  EXPECT_EQ(events.at(0)->data, R"({"t":"1"})");  // delivered before it was deleted
  EXPECT_EQ(events.at(3)->data, "{}");
  EXPECT_EQ(events.at(4)->data, R"({"t":"5"})");
}

}  // namespace
}  // namespace stoa::core::storage
