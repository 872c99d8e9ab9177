// What listeners hear of posts, and what they no longer hear.
#include "posts_fixture.hpp"

#include <gmock/gmock.h>

namespace stoa::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class LivePosts : public PostsFixture {
 protected:
  static std::string channel(const std::string& kind, std::int64_t id) {
    return kind + ":" + std::to_string(id);
  }
  static std::vector<std::string> texts(const Json& array) {
    std::vector<std::string> out;
    for (const Json& item : array.items()) out.push_back(item.text());
    return out;
  }
  static std::vector<std::string> types(const std::vector<Json>& messages) {
    std::vector<std::string> out;
    for (const Json& message : messages) {
      if (message["op"] == "event") out.push_back(message["type"].text());
    }
    return out;
  }
  static Json subscribe(Socket& socket, const std::string& name) {
    return socket.ask(object({{"op", "subscribe"}, {"channels", array({name})}}));
  }
};

TEST_F(LivePosts, TellOfPosts) {
  const auto listener = Socket::open(stranger_);
  listener->subscribe({"posts", "category:1", "category:3"});
  const std::int64_t id = post_id(ann_, "Live", "Hello @bob");
  const Json created = listener->wait_event("posts.post.created");
  EXPECT_THAT(texts(created["channels"]), UnorderedElementsAre("posts", "category:1"));
  EXPECT_EQ(created["data"]["title"], "Live");
  EXPECT_EQ(created["data"]["author"]["nickname"], "ann");
  EXPECT_EQ(created["data"]["mentions"][0], bob_.user_id());
  EXPECT_FALSE(created["data"].has("body"));

  listener->subscribe({channel("post", id)});
  edit_post(ann_, id, R"({"category_ids":[3],"title":"Lively"})");
  const Json updated = listener->wait_event("posts.post.updated");
  EXPECT_THAT(texts(updated["channels"]),
              UnorderedElementsAre("posts", "category:1", "category:3", channel("post", id)))
      << "where it was is told too";
  EXPECT_EQ(updated["data"]["title"], "Lively");
  EXPECT_GT(updated["seq"].integer(), created["seq"].integer());

  ann_.del(post_path(id));
  const Json deleted = listener->wait_event("posts.post.deleted");
  EXPECT_EQ(deleted["data"].dump(), object({{"id", id}}));
  EXPECT_EQ(subscribe(*listener, channel("post", id))["op"], "error");
}

TEST_F(LivePosts, TellOfCommentsAndVotes) {
  const std::int64_t id = post_id(ann_);
  const std::int64_t first = comment_id(bob_, id);
  const auto listener = Socket::open(stranger_);
  listener->subscribe({channel("post", id)});
  ann_.post(comments_path(id), object({{"body", "For @bob"}, {"parent_id", first}, {"local_id", "l7"}}));
  const Json created = listener->wait_event("posts.comment.created")["data"];
  EXPECT_EQ(created["post_id"], id);
  EXPECT_EQ(created["parent_id"], first);
  EXPECT_EQ(created["depth"], 1);
  EXPECT_EQ(created["local_id"], "l7");
  EXPECT_EQ(created["mentions"][0], bob_.user_id());
  EXPECT_EQ(created["post_author_id"], ann_.user_id());
  EXPECT_EQ(created["parent_author_id"], bob_.user_id());
  EXPECT_EQ(created["post_title"], "Hello there");
  EXPECT_EQ(created["post_slug"], "hello-there");

  bob_.patch(comment_path(first), R"({"body":"Changed","revision":1})");
  EXPECT_EQ(listener->wait_event("posts.comment.updated")["data"]["body"], "Changed");
  vote(ann_, comment_path(first), 1);
  EXPECT_EQ(listener->wait_event("posts.vote.changed")["data"].dump(),
            object({{"kind", "comment"}, {"id", first}, {"likes", 1}, {"dislikes", 0}}));
  vote(bob_, post_path(id), -1);
  EXPECT_EQ(listener->wait_event("posts.vote.changed")["data"].dump(),
            object({{"kind", "post"}, {"id", id}, {"likes", 0}, {"dislikes", 1}}));
  vote(bob_, post_path(id), -1);
  bob_.del(comment_path(first));
  EXPECT_EQ(listener->wait_event("posts.comment.deleted")["data"].dump(),
            object({{"id", first}, {"post_id", id}}));
  EXPECT_THAT(types(listener->settle()), ElementsAre()) << "who voted is nobody's business";
}

TEST_F(LivePosts, TellReadersOnlyThemselves) {
  const std::int64_t id = post_id(ann_);
  const std::int64_t comment = comment_id(ann_, id);
  const auto mine = Socket::open(bob_);
  const auto other = Socket::open(ann_);
  mine->wait_op("welcome");
  other->wait_op("welcome");
  bob_.put(post_path(id) + "/read", object({{"comment_id", comment}}));
  EXPECT_EQ(mine->wait_event("posts.read")["data"].dump(),
            object({{"user_id", bob_.user_id()}, {"post_id", id}, {"comment_id", comment}}));
  bob_.put(post_path(id) + "/read", object({{"comment_id", comment}}));
  EXPECT_THAT(types(mine->settle()), ElementsAre());
  EXPECT_THAT(types(other->settle()), ElementsAre());
}

TEST_F(LivePosts, AreFollowedFromASnapshotWithoutAGap) {
  const std::int64_t id = post_id(ann_);
  const std::int64_t seq = std::stoll(stranger_.get(comments_path(id)).header("Stoa-Seq"));
  const std::int64_t first = comment_id(bob_, id, "Secret");
  const std::int64_t second = comment_id(bob_, id, "Public");
  bob_.del(comment_path(first));
  const auto listener = Socket::open(stranger_);
  listener->subscribe({channel("post", id)}, seq);
  const Json emptied = listener->wait_event("posts.comment.created");
  EXPECT_EQ(emptied["data"].dump(), "{}") << "what was deleted is not replayed";
  EXPECT_EQ(emptied["replay"], true);
  EXPECT_EQ(listener->wait_event("posts.comment.created")["data"]["id"], second);
  EXPECT_EQ(listener->wait_event("posts.comment.deleted")["data"]["id"], first);
}

TEST_F(LivePosts, EmptyEverythingOfADeletedPost) {
  const auto listener = Socket::open(stranger_);
  const std::int64_t seq = listener->subscribe({"posts"});
  const std::int64_t id = post_id(ann_, "Secret plan");
  comment_id(bob_, id, "Secret too");
  ann_.del(post_path(id));
  const auto late = Socket::open(stranger_);
  late->subscribe({"posts"}, seq);
  EXPECT_EQ(late->wait_event("posts.post.created")["data"].dump(), "{}");
  EXPECT_EQ(late->wait_event("posts.post.deleted")["data"]["id"], id);
}

TEST_F(LivePosts, RefuseChannelsOfNothing) {
  const auto listener = Socket::open(stranger_);
  for (const char* name : {"post:999", "category:999", "post:", "post:0", "post:01", "post:x", "post:-1",
                           "post:1x", "category:99999999999999999999"}) {
    const Json answer = subscribe(*listener, name);
    EXPECT_EQ(answer["op"], "error") << name;
    EXPECT_EQ(answer["problem"]["status"], 404) << name;
  }
  EXPECT_EQ(subscribe(*listener, "category:1")["op"], "ok");
}

}  // namespace
}  // namespace stoa::harness
