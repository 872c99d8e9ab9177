// Lists of posts, categories, and what is personal about them.
#include "posts_fixture.hpp"

#include <gmock/gmock.h>

#include <set>

namespace stoa::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Feeds : public PostsFixture {};

TEST_F(Feeds, AreSortedThreeWays) {
  const std::int64_t first = post_id(ann_, "First");
  const std::int64_t second = post_id(ann_, "Second");
  const std::int64_t third = post_id(bob_, "Third");
  comment_id(bob_, first);
  vote(ann_, post_path(third), -1);
  vote(bob_, post_path(second), 1);
  EXPECT_THAT(ids(stranger_.get("/posts")), ElementsAre(first, third, second));
  EXPECT_THAT(ids(stranger_.get("/posts?sort=active")), ElementsAre(first, third, second));
  EXPECT_THAT(ids(stranger_.get("/posts?sort=new")), ElementsAre(third, second, first));
  EXPECT_THAT(ids(stranger_.get("/posts?sort=top")), ElementsAre(second, first, third));
  EXPECT_THAT(ids(stranger_.get("/posts?author=ANN&sort=new")), ElementsAre(second, first));
  EXPECT_THAT(ids(stranger_.get("/posts?category=general&author=bob")), ElementsAre(third));
  EXPECT_THAT(ids(stranger_.get("/posts?category=ideas")), IsEmpty());
  EXPECT_THAT(ids(bob_.get("/posts?author=me")), ElementsAre(third));
  for (const char* sort : {"active", "new", "top"})
    EXPECT_THAT(ids(bob_.get("/posts?liked=me&sort=" + std::string(sort))), ElementsAre(second)) << sort;
  EXPECT_THAT(ids(bob_.get("/posts?liked=me&author=bob")), IsEmpty());
  EXPECT_THAT(ids(bob_.get("/posts?liked=me&author=ann&category=general")), ElementsAre(second));
}

TEST_F(Feeds, RefuseWhatTheyDoNotKnow) {
  EXPECT_TRUE(is_problem(stranger_.get("/posts?author=me"), 401, "unauthenticated"));
  EXPECT_TRUE(is_problem(stranger_.get("/posts?liked=me&sort=x"), 401, "unauthenticated"));
  EXPECT_TRUE(is_problem(stranger_.get("/posts?category=nope"), 404, "not-found"));
  EXPECT_TRUE(is_problem(stranger_.get("/posts?author=nope"), 404, "not-found"));
  EXPECT_TRUE(is_invalid(stranger_.get("/posts?sort=best"), "?sort"));
  EXPECT_TRUE(is_invalid(stranger_.get("/posts?liked=ann"), "?liked"));
  for (const char* limit : {"0", "101", "x", "", "1.5"})
    EXPECT_TRUE(is_invalid(stranger_.get("/posts?limit=" + std::string(limit)), "?limit")) << limit;
  for (const char* cursor : {"!", "abc", "MSwyLDMsNCw"})
    EXPECT_TRUE(is_invalid(stranger_.get("/posts?cursor=" + std::string(cursor)), "?cursor")) << cursor;
  EXPECT_EQ(stranger_.get("/posts?colour=red").status, 200);
}

TEST_F(Feeds, AreWalkedToTheEnd) {
  std::set<std::int64_t> written;
  for (int i = 0; i < 23; ++i) written.insert(post_id(i % 2 ? ann_ : bob_, "Post " + std::to_string(i)));
  for (const std::int64_t id : written) {
    if (id % 3 == 0) vote(boss_, post_path(id), 1);
  }
  for (const char* query : {"?sort=active", "?sort=new", "?sort=top", "?category=general&sort=top"}) {
    const auto walked = ids(walk(stranger_, "/posts" + std::string(query) + "&limit=5"));
    EXPECT_EQ(walked.size(), written.size()) << query;
    EXPECT_EQ(std::set<std::int64_t>(walked.begin(), walked.end()), written) << query;
  }
  for (const char* sort : {"active", "new", "top"})
    EXPECT_EQ(walk(boss_, "/posts?liked=me&limit=2&sort=" + std::string(sort)).size(), written.size() / 3)
        << sort;
  const Reply page = stranger_.get("/posts?limit=5&sort=new&category=general");
  const std::string link = page.header("Link");
  EXPECT_THAT(link, HasSubstr("</api/v1/posts?cursor=" + page.json()["next"].text()));
  EXPECT_THAT(link, HasSubstr("category=general"));
  EXPECT_THAT(link, HasSubstr("rel=\"next\""));
  // What the list does not read is neither passed on nor found wrong.
  const Reply odd = stranger_.get("/posts?limit=5&q=%ff&type=x");
  EXPECT_EQ(odd.status, 200) << odd;
  EXPECT_THAT(odd.header("Link"), ::testing::Not(HasSubstr("type=")));
}

TEST_F(Feeds, KeepOldOnesInPlaceWhileOthersWrite) {
  for (int i = 0; i < 6; ++i) post_id(ann_, "Old " + std::to_string(i));
  const Json page = stranger_.get("/posts?sort=new&limit=3").json();
  for (int i = 0; i < 4; ++i) post_id(bob_, "Young " + std::to_string(i));
  EXPECT_THAT(ids(stranger_.get("/posts?sort=new&cursor=" + page["next"].text())), ElementsAre(3, 2, 1));
}

TEST_F(Feeds, AreKeptUntilSomethingChanges) {
  const std::int64_t id = post_id(ann_);
  const Reply before = stranger_.get("/posts");
  EXPECT_EQ(before.header("Cache-Control"), "no-cache");
  EXPECT_EQ(stranger_.get("/posts", {{"If-None-Match", before.header("ETag")}}).status, 304);
  EXPECT_EQ(ann_.get("/posts?author=me").header("Cache-Control"), "private, no-store");
  EXPECT_EQ(ann_.get("/posts").json(), before.json());

  const auto counts = [&](const char* path) {
    const Json post = stranger_.get(path).json()["items"][0];
    return std::to_string(post["comment_count"].integer()) + post["title"].text() +
           std::to_string(post["likes"].integer());
  };
  for (const char* path : {"/posts", "/posts?category=general", "/posts?author=ann", "/posts?sort=top"})
    EXPECT_EQ(counts(path), "0Hello there0");
  comment_id(bob_, id);
  vote(bob_, post_path(id), 1);
  edit_post(ann_, id, R"({"title":"Hello again"})");
  for (const char* path : {"/posts", "/posts?category=general", "/posts?author=ann", "/posts?sort=top"})
    EXPECT_EQ(counts(path), "1Hello again1") << path;
  edit_post(ann_, id, R"({"category_ids":[3]})");
  EXPECT_THAT(ids(stranger_.get("/posts?category=general")), IsEmpty());
  EXPECT_THAT(ids(stranger_.get("/posts?category=ideas")), ElementsAre(id));
  boss_.patch("/categories/3", R"({"name":"Thoughts"})");
  EXPECT_EQ(stranger_.get("/posts").json()["items"][0]["categories"][0]["name"], "Thoughts");
  EXPECT_EQ(stranger_.get(post_path(id)).json()["categories"][0]["name"], "Thoughts");
}

TEST_F(Feeds, ShowTheSameToMembersWhoShowCookies) {
  post_id(ann_);
  Client cookies = server_.login("ann", TestServer::kPassword);
  cookies.show(Client::Shows::cookies);
  EXPECT_EQ(cookies.get("/posts").json(), stranger_.get("/posts").json());
  EXPECT_EQ(cookies.get("/posts?author=me").json()["items"].size(), 1u);
  EXPECT_TRUE(is_problem(stranger_.get("/posts?author=me"), 401, "unauthenticated"))
      << "own lists are not kept";
}

class Categories : public PostsFixture {};

TEST_F(Categories, AreKeptByAdministrators) {
  EXPECT_EQ(stranger_.get("/categories").json()["items"].size(), 4u);
  EXPECT_TRUE(is_problem(stranger_.post("/categories", R"({"name":"N"})"), 401, "unauthenticated"));
  EXPECT_TRUE(is_problem(ann_.post("/categories", R"({"name":"N"})"), 403, "forbidden"));
  const Reply created = boss_.post("/categories", R"({"name":"Böse Überraschung","color":"#aabbcc"})");
  ASSERT_EQ(created.status, 201) << created;
  const Json category = created.json();
  EXPECT_EQ(category["slug"], "bose-uberraschung");
  EXPECT_EQ(category["position"], 5);
  const std::string path = "/categories/" + std::to_string(category["id"].integer());
  EXPECT_EQ(created.header("Location"), "/api/v1" + path);

  const Reply changed = boss_.patch(path, R"({"description":"d","position":0})");
  EXPECT_EQ(changed.json()["description"], "d");
  EXPECT_EQ(changed.json()["name"], "Böse Überraschung");
  EXPECT_EQ(stranger_.get("/categories").json()["items"][0], changed.json());
  EXPECT_TRUE(is_problem(boss_.post("/categories", R"({"name":"x","slug":"ideas"})"), 409, "conflict"));
  EXPECT_TRUE(is_problem(boss_.patch(path, R"({"slug":"ideas"})"), 409, "conflict"));
  EXPECT_TRUE(is_problem(boss_.patch("/categories/99", R"({"name":"x"})"), 404, "not-found"));
  EXPECT_TRUE(is_problem(ann_.patch(path, R"({"name":"x"})"), 403, "forbidden"));
  EXPECT_TRUE(is_problem(ann_.del(path), 403, "forbidden"));
  EXPECT_EQ(boss_.del(path).status, 204);
  EXPECT_TRUE(is_problem(boss_.del(path), 404, "not-found"));
}

TEST_F(Categories, RefuseBadOnes) {
  EXPECT_TRUE(is_invalid(boss_.post("/categories", "{}"), "/name"));
  EXPECT_TRUE(is_invalid(boss_.post("/categories", R"({"name":"你好"})"), "/slug"));
  EXPECT_TRUE(is_invalid(boss_.post("/categories", R"({"name":"x","slug":"A b"})"), "/slug"));
  EXPECT_TRUE(is_invalid(boss_.post("/categories", R"({"name":"x","color":"red"})"), "/color"));
  EXPECT_TRUE(is_invalid(boss_.post("/categories", R"({"name":"x","color":"#12345g"})"), "/color"));
  EXPECT_TRUE(is_invalid(boss_.post("/categories", R"({"name":"x","position":-1})"), "/position"));
  EXPECT_TRUE(is_invalid(boss_.post("/categories", R"({"name":"x","post_count":1})"), "/post_count"));
}

TEST_F(Categories, AreThereOnceOnly) {
  for (int id = 1; id <= 4; ++id) EXPECT_EQ(boss_.del("/categories/" + std::to_string(id)).status, 204);
  server_.restart();
  Client again = server_.client();
  EXPECT_EQ(again.get("/categories").json()["items"].size(), 0u) << "examples do not come back";
}

class OwnState : public PostsFixture {};

TEST_F(OwnState, CountsOneVoteForEach) {
  const std::int64_t id = post_id(ann_);
  EXPECT_TRUE(is_problem(vote(ann_, post_path(id), 1), 403, "forbidden"));
  EXPECT_TRUE(is_problem(vote(stranger_, post_path(id), 1), 401, "unauthenticated"));
  EXPECT_EQ(vote(bob_, post_path(id), 1).json().dump(), R"({"likes":1,"dislikes":0,"my_vote":1})");
  EXPECT_EQ(vote(bob_, post_path(id), 1).json().dump(), R"({"likes":1,"dislikes":0,"my_vote":1})");
  EXPECT_EQ(vote(boss_, post_path(id), -1).json().dump(), R"({"likes":1,"dislikes":1,"my_vote":-1})");
  EXPECT_EQ(vote(bob_, post_path(id), -1).json().dump(), R"({"likes":0,"dislikes":2,"my_vote":-1})");
  EXPECT_EQ(vote(bob_, post_path(id), 0).json().dump(), R"({"likes":0,"dislikes":1,"my_vote":0})");
  EXPECT_EQ(vote(bob_, post_path(id), 0).json().dump(), R"({"likes":0,"dislikes":1,"my_vote":0})");
  for (const char* value : {"2", "-2", "\"1\"", "null", "1.0", "true"})
    EXPECT_TRUE(
        is_invalid(bob_.put(post_path(id) + "/vote", R"({"value":)" + std::string(value) + "}"), "/value"));
}

TEST_F(OwnState, IsApartFromWhatIsShared) {
  const std::int64_t id = post_id(ann_);
  const std::int64_t comment = comment_id(ann_, id);
  vote(bob_, post_path(id), 1);
  vote(bob_, comment_path(comment), -1);
  const std::string path = "/posts/state?ids=" + std::to_string(id) + ",77," + std::to_string(id);
  const Reply state = bob_.get(path);
  EXPECT_EQ(
      state.json().dump(),
      R"({"items":[{"id":1,"my_vote":1,"last_read_comment_id":null,"subscription":"normal","comment_votes":{"1":-1}},)"
      R"({"id":77,"my_vote":0,"last_read_comment_id":null,"subscription":"normal","comment_votes":{}}]})");
  EXPECT_EQ(state.header("Cache-Control"), "private, no-store");
  EXPECT_EQ(ann_.get(path).json()["items"][0]["my_vote"], 0);
  EXPECT_TRUE(is_problem(stranger_.get(path), 401, "unauthenticated"));
  for (const char* ids : {"", "x", "0", "1,x", "-1", "1,,2"})
    EXPECT_TRUE(is_invalid(bob_.get("/posts/state?ids=" + std::string(ids)), "?ids")) << ids;
}

TEST_F(OwnState, ReadsOnlyOnwards) {
  const std::int64_t id = post_id(ann_);
  const std::int64_t first = comment_id(ann_, id);
  const std::int64_t second = comment_id(ann_, id);
  const std::int64_t elsewhere = comment_id(ann_, post_id(ann_));
  const auto read_to = [&](Client& who, std::int64_t comment) {
    return who.put(post_path(id) + "/read", object({{"comment_id", comment}}));
  };
  const auto last = [&] {
    return bob_.get("/posts/state?ids=" + std::to_string(id))
        .json()["items"][0]["last_read_comment_id"]
        .integer();
  };
  EXPECT_EQ(read_to(bob_, 0).status, 204);
  EXPECT_EQ(last(), 0);
  EXPECT_EQ(read_to(bob_, second).status, 204);
  EXPECT_EQ(read_to(bob_, first).status, 204);
  EXPECT_EQ(last(), second);
  EXPECT_TRUE(is_invalid(read_to(bob_, elsewhere), "/comment_id"));
  EXPECT_TRUE(is_invalid(read_to(bob_, -1), "/comment_id"));
  EXPECT_TRUE(is_problem(read_to(stranger_, first), 401, "unauthenticated"));
}

}  // namespace
}  // namespace stoa::harness
