// Answers out of the cache are never older than what their reader has seen, nor than its own writes.
#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <thread>

#include "posts_fixture.hpp"

namespace stoa::harness {
namespace {

constexpr int kWriters = 3;
constexpr int kReaders = 3;
constexpr int kEdits = 40;

// What one reader has seen of each comment, and the newest answer it holds.
class Seen {
 public:
  void take(const Reply& reply) {
    if (reply.status == 304) return;  // as before
    ASSERT_EQ(reply.status, 200) << reply;
    tag_ = reply.header("ETag");
    const std::int64_t seq = std::stoll(reply.header("Stoa-Seq"));
    EXPECT_GE(seq, seq_) << "an older state than one seen before";
    seq_ = seq;
    for (const Json& comment : reply.json()["items"].items()) {
      const std::int64_t id = comment["id"].integer();
      const std::int64_t state = std::stoll(comment["body"].text());
      EXPECT_GE(state, states_[id]) << "comment " << id << " went back";
      states_[id] = state;
    }
  }
  std::int64_t state(std::int64_t comment) const {
    const auto found = states_.find(comment);
    return found == states_.end() ? -1 : found->second;
  }
  Headers condition() const { return tag_.empty() ? Headers{} : Headers{{"If-None-Match", tag_}}; }

 private:
  std::string tag_;
  std::int64_t seq_ = 0;
  std::map<std::int64_t, std::int64_t> states_;
};

class Coherence : public PostsFixture {};

TEST_F(Coherence, NoReaderSeesAnOlderStateThanItHasSeenOrWritten) {
  const std::int64_t post = post_id(ann_);
  const std::string path = comments_path(post) + "?limit=100";
  std::vector<Client> writers;
  std::vector<std::int64_t> comments;
  for (int i = 0; i < kWriters; ++i) {
    writers.push_back(server_.register_user("writer" + std::to_string(i)));
    comments.push_back(comment_id(writers.back(), post, "0"));
  }
  std::atomic<int> writing{kWriters};
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&, i] {
      Client& writer = writers[i];
      Client reader = server_.client();  // another connection, and a stranger: what the cache is for
      Seen seen;
      std::int64_t revision =
          writer.get(path).json()["items"][static_cast<std::size_t>(i)]["revision"].integer();
      for (int state = 1; state <= kEdits; ++state) {
        const Reply edited = writer.patch(comment_path(comments[i]),
                                          object({{"body", std::to_string(state)}, {"revision", revision}}));
        EXPECT_EQ(edited.status, 200) << edited;
        if (edited.status != 200) break;
        revision = edited.json()["revision"].integer();
        // With the tag of an earlier state: "not modified" would be that state again.
        seen.take(reader.get(path, seen.condition()));
        EXPECT_EQ(seen.state(comments[i]), state) << "its own write is missing";
      }
      --writing;
    });
  }
  for (int i = 0; i < kReaders; ++i) {
    threads.emplace_back([&, i] {
      Client reader = server_.client();
      Seen seen;
      // Plain, conditional and compressed answers are kept apart.
      const Headers coded = i == 2 ? Headers{{"Accept-Encoding", "identity"}} : Headers{};
      while (writing > 0) {
        Headers headers = i == 1 ? seen.condition() : Headers{};
        headers.insert(headers.end(), coded.begin(), coded.end());
        seen.take(reader.get(path, headers));
      }
      seen.take(reader.get(path));
      for (const std::int64_t comment : comments) EXPECT_EQ(seen.state(comment), kEdits);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// A vote changes a post's page, its own answer and every feed that shows it: all of them are new at once.
TEST_F(Coherence, EveryAnswerThatShowsAChangeIsDroppedWithIt) {
  const std::int64_t post = post_id(ann_, "Seen in many places");
  const std::vector<std::string> places = {post_path(post), "/posts", "/posts?sort=new",
                                           "/posts?category=general"};
  const auto likes = [&](const std::string& place) {
    const Json json = stranger_.get(place).json();
    return (json.has("items") ? json["items"][0] : json)["likes"].integer();
  };
  for (int round = 0; round < 6; ++round) {
    const int wanted = round % 2 == 0 ? 1 : 0;
    for (const std::string& place : places)
      EXPECT_EQ(likes(place), 1 - wanted) << place << " before round " << round;
    ASSERT_EQ(vote(bob_, post_path(post), wanted).status, 200);
    for (const std::string& place : places)
      EXPECT_EQ(likes(place), wanted) << place << " after round " << round;
  }
}

// Nobody here commits afterwards: reading alone makes it known, so that the next readers need not wait for
// it.
TEST_F(Coherence, WhatAnotherProcessCommitsIsPublishedByTheFirstWhoReadsIt) {
  const std::int64_t post = post_id(ann_);
  const std::int64_t head = std::stoll(stranger_.get(comments_path(post)).header("Stoa-Seq"));
  write_into(server_.data_dir() / "stoa.db",
             "UPDATE core_log SET head = head + 1;"
             "UPDATE posts_post SET title = 'Changed from outside' WHERE id = " +
                 std::to_string(post));
  const Reply read = stranger_.get(post_path(post) + "?anew");
  EXPECT_EQ(read.header("Stoa-Seq"), std::to_string(head + 1));
  // Out of the cache: its seq is that of what has been published.
  ASSERT_TRUE(eventually(
      [&] { return stranger_.get(comments_path(post)).header("Stoa-Seq") == std::to_string(head + 1); }));
}

}  // namespace
}  // namespace stoa::harness
