// Comments: written, answered, listed, deleted.
#include "posts_fixture.hpp"

#include <gmock/gmock.h>

#include <mutex>
#include <set>
#include <thread>

namespace stoa::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Comments : public PostsFixture {
 protected:
  std::int64_t post_ = post_id(ann_);
  std::string path_ = comments_path(post_);
};

TEST_F(Comments, AnswerPostsAndEachOther) {
  const Reply created = bob_.post(path_, object({{"body", "Hello @ann"}, {"local_id", "c1"}}));
  ASSERT_EQ(created.status, 201) << created;
  const Json first = created.json();
  EXPECT_EQ(first["depth"], 0);
  EXPECT_TRUE(first["parent_id"].is_null());
  EXPECT_EQ(first["local_id"], "c1");
  EXPECT_EQ(first["html"], "<p>Hello <a class=\"stoa-mention\" href=\"/u/ann\">@ann</a></p>\n");
  const std::int64_t id = first["id"].integer();
  EXPECT_EQ(created.header("Location"), "/api/v1" + path_ + "?around=" + std::to_string(id));
  const Json reply = write_comment(ann_, post_, "Thanks", id);
  EXPECT_EQ(reply["depth"], 1);
  EXPECT_EQ(reply["parent_id"], id);
  EXPECT_EQ(stranger_.get(post_path(post_)).json()["comment_count"], 2);
  EXPECT_THAT(ids(stranger_.get(path_)), ElementsAre(id, reply["id"].integer()));

  const Reply again = bob_.post(path_, object({{"body", "Another"}, {"local_id", "c1"}}));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json()["body"], "Hello @ann");
}

TEST_F(Comments, RefuseBadOnes) {
  const std::int64_t elsewhere = comment_id(bob_, post_id(ann_));
  EXPECT_TRUE(is_invalid(bob_.post(path_, "{}"), "/body"));
  EXPECT_TRUE(is_invalid(bob_.post(path_, R"({"body":" "})"), "/body"));
  EXPECT_TRUE(is_invalid(bob_.post(path_, object({{"body", std::string(32'001, 'x')}})), "/body"));
  EXPECT_TRUE(is_invalid(bob_.post(path_, R"({"body":"b","parent_id":999})"), "/parent_id"));
  EXPECT_TRUE(is_invalid(bob_.post(path_, object({{"body", "b"}, {"parent_id", elsewhere}})), "/parent_id"));
  EXPECT_TRUE(is_invalid(bob_.post(path_, R"({"body":"b","depth":3})"), "/depth"));
  EXPECT_TRUE(is_problem(bob_.post("/posts/999/comments", R"({"body":"b"})"), 404, "not-found"));
  EXPECT_TRUE(is_problem(stranger_.post(path_, R"({"body":"b"})"), 401, "unauthenticated"));
  EXPECT_EQ(stranger_.get(post_path(post_)).json()["comment_count"], 0);
}

TEST_F(Comments, AreListedThreeWaysAndAroundOne) {
  std::vector<std::int64_t> all;
  for (int i = 0; i < 9; ++i) all.push_back(comment_id(bob_, post_, "Number " + std::to_string(i)));
  vote(ann_, comment_path(all[3]), 1);
  vote(ann_, comment_path(all[6]), -1);
  EXPECT_EQ(ids(stranger_.get(path_)), all);
  EXPECT_EQ(ids(stranger_.get(path_ + "?sort=new")), std::vector<std::int64_t>(all.rbegin(), all.rend()));
  EXPECT_THAT(ids(stranger_.get(path_ + "?sort=top")),
              ElementsAre(all[3], all[8], all[7], all[5], all[4], all[2], all[1], all[0], all[6]));
  for (const char* sort : {"old", "new", "top"}) {
    const auto walked = ids(walk(stranger_, path_ + "?limit=2&sort=" + sort));
    EXPECT_EQ(std::set<std::int64_t>(walked.begin(), walked.end()).size(), all.size()) << sort;
  }

  const std::string around = path_ + "?limit=4&around=" + std::to_string(all[4]);
  const Json page = stranger_.get(around).json();
  EXPECT_THAT(ids(page["items"].items()), ElementsAre(all[2], all[3], all[4], all[5]));
  const std::string back = path_ + "?limit=4&cursor=" + page["previous"].text();
  EXPECT_THAT(ids(stranger_.get(back)), ElementsAre(all[0], all[1]));
  EXPECT_FALSE(stranger_.get(back).json().has("previous"));
  EXPECT_THAT(ids(stranger_.get(path_ + "?limit=4&cursor=" + page["next"].text())),
              ElementsAre(all[6], all[7], all[8]));
  EXPECT_THAT(ids(stranger_.get(path_ + "?sort=new&limit=3&around=" + std::to_string(all[8]))),
              ElementsAre(all[8], all[7], all[6]));
  EXPECT_THAT(ids(stranger_.get(path_ + "?sort=top&limit=3&around=" + std::to_string(all[5]))),
              ElementsAre(all[5], all[4], all[2]));

  EXPECT_TRUE(is_invalid(stranger_.get(path_ + "?sort=active"), "?sort"));
  EXPECT_TRUE(is_invalid(stranger_.get(path_ + "?around=0"), "?around"));
  EXPECT_TRUE(is_invalid(stranger_.get(path_ + "?cursor=MSw"), "?cursor"));
  EXPECT_TRUE(is_problem(stranger_.get(path_ + "?around=999"), 404, "not-found"));
}

TEST_F(Comments, AreEditedByTheirAuthors) {
  const std::int64_t id = comment_id(bob_, post_, "Before");
  const std::string path = comment_path(id);
  EXPECT_TRUE(is_problem(ann_.patch(path, R"({"body":"x","revision":1})"), 403, "forbidden"));
  EXPECT_TRUE(is_problem(stranger_.patch(path, R"({"body":"x","revision":1})"), 401, "unauthenticated"));
  EXPECT_TRUE(is_problem(bob_.patch("/comments/999", R"({"body":"x","revision":1})"), 404, "not-found"));
  EXPECT_TRUE(is_invalid(bob_.patch(path, R"({"body":"x"})"), "/revision"));
  const Reply edited = bob_.patch(path, R"({"body":"After","revision":1})");
  ASSERT_EQ(edited.status, 200) << edited;
  EXPECT_EQ(edited.json()["revision"], 2);
  EXPECT_EQ(stranger_.get(path_).json()["items"][0], edited.json());
  const Reply stale = bob_.patch(path, R"({"body":"Again","revision":1})");
  EXPECT_TRUE(is_problem(stale, 412, "precondition-failed"));
  EXPECT_EQ(stale.json()["current"], edited.json());
  EXPECT_EQ(boss_.patch(path, R"({"body":"Moderated","revision":2})").status, 200);
}

TEST_F(Comments, LeaveTombstonesWhileTheyHaveAnswers) {
  const std::int64_t first = comment_id(bob_, post_, "First");
  const std::int64_t reply = comment_id(ann_, post_, "Reply", first);
  const std::int64_t deeper = comment_id(bob_, post_, "Deeper", reply);
  EXPECT_TRUE(is_problem(ann_.del(comment_path(first)), 403, "forbidden"));
  ASSERT_EQ(bob_.del(comment_path(first)).status, 204);
  EXPECT_TRUE(is_problem(bob_.del(comment_path(first)), 404, "not-found"));
  EXPECT_TRUE(is_problem(vote(ann_, comment_path(first), 1), 404, "not-found"));
  EXPECT_TRUE(is_problem(bob_.patch(comment_path(first), R"({"body":"x","revision":1})"), 404, "not-found"));
  const Json tombstone = stranger_.get(path_).json()["items"][0];
  EXPECT_EQ(tombstone["deleted"], true);
  EXPECT_EQ(tombstone["body"], "");
  EXPECT_EQ(tombstone["html"], "");
  EXPECT_TRUE(tombstone["author"].is_null());
  EXPECT_EQ(stranger_.get(post_path(post_)).json()["comment_count"], 2);
  EXPECT_TRUE(is_problem(bob_.post(path_, object({{"body", "b"}, {"parent_id", first}})), 409, "conflict"));

  ASSERT_EQ(boss_.del(comment_path(reply)).status, 204);
  EXPECT_THAT(ids(stranger_.get(path_)), ElementsAre(first, reply, deeper));
  ASSERT_EQ(bob_.del(comment_path(deeper)).status, 204);
  EXPECT_THAT(ids(stranger_.get(path_)), IsEmpty()) << "nothing is left to hold the tombstones";
  EXPECT_EQ(stranger_.get(post_path(post_)).json()["comment_count"], 0);
}

TEST_F(Comments, OfADeletedLocalIdAreNotMadeAgain) {
  const Reply first = bob_.post(path_, R"({"body":"b","local_id":"l"})");
  EXPECT_EQ(bob_.del(comment_path(first.json()["id"].integer())).status, 204);
  EXPECT_TRUE(is_problem(bob_.post(path_, R"({"body":"b","local_id":"l"})"), 409, "conflict"));
}

TEST_F(Comments, ManyAtOnceAreAllCounted) {
  constexpr int kThreads = 6;
  constexpr int kEach = 8;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      Client who(bob_.address());
      who.set_token(t % 2 ? bob_.token() : boss_.token());
      who.show(Client::Shows::bearer);
      for (int i = 0; i < kEach; ++i) {
        comment_id(who, post_, std::to_string(t) + "/" + std::to_string(i));
        vote(who, post_path(post_), i % 3 - 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Json post = stranger_.get(post_path(post_)).json();
  EXPECT_EQ(post["comment_count"], kThreads * kEach);
  EXPECT_EQ(walk(stranger_, path_ + "?limit=7").size(), static_cast<std::size_t>(kThreads * kEach));
  const std::int64_t likes = vote(bob_, post_path(post_), 1).json()["likes"].integer() +
                             vote(boss_, post_path(post_), 1).json()["likes"].integer();
  EXPECT_EQ(likes, 3) << "one, then two";
  EXPECT_EQ(stranger_.get(post_path(post_)).json()["dislikes"], 0);
}

// How fast one may write; a server of its own, with limits.
class Pace : public ::testing::Test {
 protected:
  static ServerOptions options() {
    ServerOptions options;
    options.plugins = {"auth", "posts"};
    options.limits = true;
    options.environment = {{"STOA__PLUGIN__POSTS__POST_INTERVAL_S", "0"},
                           {"STOA__PLUGIN__POSTS__NEWCOMER_POSTS", "2"}};
    return options;
  }
  static std::string draft(const std::string& title) {
    return object({{"title", title}, {"body", "b"}, {"category_ids", array({1})}});
  }

  TestServer server_{options()};
};

TEST_F(Pace, IsHeldByNewMembersAndNotByModerators) {
  Client boss = server_.create_admin();
  Client ann = server_.register_user("ann");
  EXPECT_EQ(ann.post("/posts", draft("One")).status, 201);
  const Reply same = ann.post("/posts", draft("One"));
  EXPECT_EQ(same.status, 429);
  EXPECT_EQ(same.problem(), "rate-limited");
  EXPECT_GT(std::stoi("0" + same.header("Retry-After")), 250);
  EXPECT_EQ(ann.post("/posts", draft("Two")).status, 201);
  const Reply third = ann.post("/posts", draft("Three"));
  EXPECT_EQ(third.status, 429) << "the first day's share is used up";
  EXPECT_GT(std::stoi("0" + third.header("Retry-After")), 3'600);

  EXPECT_EQ(ann.post("/posts/1/comments", R"({"body":"one"})").status, 201);
  const Reply fast = ann.post("/posts/1/comments", R"({"body":"two"})");
  EXPECT_EQ(fast.status, 429);
  EXPECT_LE(std::stoi("0" + fast.header("Retry-After")), 5);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(boss.post("/posts", draft("The same")).status, 201);
}

}  // namespace
}  // namespace stoa::harness
