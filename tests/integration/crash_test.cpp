// kill -9 while people write: what was acknowledged is there afterwards, once, and the database is whole.
#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

constexpr int kRounds = 20;
constexpr int kWriters = 8;
// Acknowledged comments after which a round is cut off, at most.
constexpr int kMostPerRound = 60;

// Everything that was promised, by id.
struct Promises {
  std::mutex mutex;
  std::map<std::int64_t, std::string> comments;
  // Sent without an answer: body by local_id of that writer. May or may not have happened.
  std::map<int, std::string> open;
};

std::string comment(const std::string& text) {
  return object({{"body", text}, {"local_id", text}});
}

class Writer {
 public:
  Writer(int number, Client client, std::string path)
      : number_(number), client_(std::move(client)), path_(std::move(path)) {}

  // Until the server is gone.
  void write(int round, Promises& promises, std::atomic<int>& acknowledged) {
    for (int n = 0;; ++n) {
      const std::string text = "round-" + std::to_string(round) + "-writer-" + std::to_string(number_) +
                               "-comment-" + std::to_string(n);
      Reply reply;
      try {
        reply = client_.post(path_, comment(text));
      } catch (const std::runtime_error&) {
        const std::lock_guard lock(promises.mutex);
        promises.open[number_] = text;
        return;
      }
      EXPECT_EQ(reply.status, 201) << reply;
      if (reply.status != 201) return;
      {
        const std::lock_guard lock(promises.mutex);
        promises.comments.emplace(reply.json()["id"].integer(), text);
      }
      ++acknowledged;
    }
  }

  // What was cut off is asked for again; it happens once, however often it is asked.
  void finish(Promises& promises) {
    const auto open = promises.open.find(number_);
    if (open == promises.open.end()) return;
    const Reply reply = client_.post(path_, comment(open->second));
    EXPECT_THAT(reply.status, ::testing::AnyOf(200, 201)) << reply;
    promises.comments.emplace(reply.json()["id"].integer(), open->second);
    promises.open.erase(open);
  }

 private:
  int number_;
  Client client_;
  std::string path_;
};

TEST(Crash, LosesNothingThatWasAcknowledged) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);

  TestServer server({.plugins = {"auth", "posts", "notification"}});
  Client boss = server.create_admin();
  const std::int64_t category = boss.get("/categories").json()["items"][0]["id"].integer();
  const Reply post = boss.post(
      "/posts",
      object({{"title", "Written under fire"}, {"body", "…"}, {"category_ids", array({category})}}));
  ASSERT_EQ(post.status, 201) << post;
  const std::string post_path = "/posts/" + std::to_string(post.json()["id"].integer());
  const std::filesystem::path database = server.data_dir() / "stoa.db";

  std::vector<Writer> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back(i, server.register_user("writer-" + std::to_string(i)), post_path + "/comments");
  }
  Promises promises;
  for (int round = 0; round < kRounds && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const int cut = std::uniform_int_distribution<int>(0, kMostPerRound)(random);
    std::atomic<int> acknowledged = 0;
    std::vector<std::thread> threads;
    for (Writer& writer : writers) {
      threads.emplace_back([&] { writer.write(round, promises, acknowledged); });
    }
    EXPECT_TRUE(eventually([&] { return acknowledged >= cut; })) << acknowledged << " of " << cut;
    server.kill();
    for (std::thread& thread : threads) thread.join();

    ASSERT_EQ(integrity_of(database), "ok");
    server.start();
    for (Writer& writer : writers) writer.finish(promises);

    std::map<std::int64_t, std::string> found;
    for (const Json& item : walk(boss, post_path + "/comments?limit=100")) {
      EXPECT_TRUE(found.emplace(item["id"].integer(), item["body"].text()).second) << "twice: " << item;
    }
    // Not one less, and none that nobody wrote or that was written twice.
    EXPECT_EQ(found, promises.comments);
    EXPECT_EQ(boss.get(post_path).json()["comment_count"], static_cast<std::int64_t>(found.size()));
  }

  EXPECT_EQ(server.stop(), 0);
  EXPECT_EQ(integrity_of(database), "ok");
  // Each comment with its event, in the same transaction.
  EXPECT_EQ(number_in(database, "SELECT count(*) FROM core_event WHERE type = 'posts.comment.created'"),
            static_cast<std::int64_t>(promises.comments.size()));
}

}  // namespace
}  // namespace stoa::harness
