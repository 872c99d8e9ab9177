// Posts, categories, feeds and votes over HTTP.
#include "posts_fixture.hpp"

#include <gmock/gmock.h>

#include <mutex>
#include <set>
#include <thread>

namespace stoa::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Posts : public PostsFixture {};

TEST_F(Posts, AreWrittenAndRead) {
  const Reply created = ann_.post("/posts", object({{"title", "  What's new in C++?  "},
                                                    {"body", "Hi @bob and @nobody, **bold**."},
                                                    {"category_ids", array({general_, ideas_})},
                                                    {"tags", array({"Cats", "big dogs", "cats"})}}));
  ASSERT_EQ(created.status, 201) << created;
  const Json post = created.json();
  const std::int64_t id = post["id"].integer();
  EXPECT_EQ(created.header("Location"), "/api/v1/posts/" + std::to_string(id));
  EXPECT_EQ(created.header("Cache-Control"), "private, no-store");
  EXPECT_EQ(post["title"], "What's new in C++?");
  EXPECT_EQ(post["slug"], "whats-new-in-c");
  EXPECT_EQ(post["author"]["nickname"], "ann");
  EXPECT_EQ(post["categories"][1]["slug"], "ideas");
  EXPECT_EQ(post["tags"].dump(), R"(["cats","big dogs"])");
  EXPECT_EQ(
      post["html"],
      "<p>Hi <a class=\"stoa-mention\" href=\"/u/bob\">@bob</a> and @nobody, <strong>bold</strong>.</p>\n");
  EXPECT_EQ(post["excerpt"], "Hi @bob and @nobody, bold.");
  EXPECT_EQ(post["revision"], 1);
  EXPECT_TRUE(post["edited_at"].is_null());

  const Reply read = stranger_.get(post_path(id));
  EXPECT_EQ(read.json(), post);
  EXPECT_EQ(read.header("Cache-Control"), "no-cache");
  EXPECT_FALSE(read.header("Stoa-Seq").empty());
  EXPECT_EQ(stranger_.get(post_path(id), {{"If-None-Match", read.header("ETag")}}).status, 304);
}

TEST_F(Posts, RefuseBadDrafts) {
  const auto refused = [&](const std::string& body, const std::string& pointer) {
    EXPECT_TRUE(is_invalid(ann_.post("/posts", body), pointer)) << body.substr(0, 100);
  };
  const std::string rest = R"(,"body":"b","category_ids":[1]})";
  refused("{}", "/title");
  refused(R"({"title":"ab")" + rest, "/title");
  refused(R"({"title":")" + std::string(256, 'a') + "\"" + rest, "/title");
  refused(R"({"title":7)" + rest, "/title");
  refused(R"({"title":"a\u0000bc")" + rest, "/title");
  refused(draft("Title", "  \n "), "/body");
  refused(draft("Title", std::string(32'001, 'a')), "/body");
  refused(R"({"title":"abc","body":"b","category_ids":[]})", "/category_ids");
  refused(R"({"title":"abc","body":"b","category_ids":[1,2,3,4,5,6]})", "/category_ids");
  refused(R"({"title":"abc","body":"b","category_ids":[1,999]})", "/category_ids/1");
  refused(R"({"title":"abc","body":"b","category_ids":["1"]})", "/category_ids/0");
  refused(R"({"title":"abc","body":"b","category_ids":[1],"tags":["a,b"]})", "/tags/0");
  refused(R"({"title":"abc","body":"b","category_ids":[1],"tags":["a","b","c","d","e","f"]})", "/tags");
  refused(R"({"title":"abc","body":"b","category_ids":[1],"local_id":""})", "/local_id");
  refused(R"({"title":"abc","body":"b","category_ids":[1],"author_id":1})", "/author_id");
  refused("[]", "");
  EXPECT_TRUE(is_problem(ann_.post("/posts", "{"), 400, "malformed"));
  EXPECT_TRUE(
      is_problem(ann_.post("/posts", "x", {{"Content-Type", "text/plain"}}), 415, "unsupported-media-type"));
  EXPECT_TRUE(is_problem(ann_.post("/posts", std::string(600'000, ' ')), 413, "payload-too-large"));
  EXPECT_TRUE(is_problem(stranger_.post("/posts", draft()), 401, "unauthenticated"));
  EXPECT_EQ(ann_.get("/posts").json()["items"].size(), 0u);
}

TEST_F(Posts, TakeTheLongestText) {
  std::string body;
  for (int i = 0; i < 32'000; ++i) body += "\xF0\x9F\x98\x80";
  EXPECT_EQ(ann_.post("/posts", draft("Smile", body)).status, 201);
  std::string escaped;
  for (int i = 0; i < 32'000; ++i) escaped += "\\ud83d\\ude00";
  EXPECT_EQ(ann_.post("/posts", R"({"title":"Smile","category_ids":[1],"body":")" + escaped + "\"}").status,
            201);
}

TEST_F(Posts, AreWrittenOnceForALocalId) {
  const std::string body =
      object({{"title", "Once"}, {"body", "b"}, {"category_ids", array({general_})}, {"local_id", "l1"}});
  std::set<std::int64_t> made;
  std::set<int> statuses;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Client same(ann_.address());
      same.set_token(ann_.token());
      same.show(Client::Shows::bearer);
      const Reply reply = same.post("/posts", body);
      const std::lock_guard lock(mutex);
      statuses.insert(reply.status);
      made.insert(reply.json()["id"].integer());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made.size(), 1u);
  EXPECT_THAT(statuses, ElementsAre(200, 201));
  EXPECT_EQ(bob_.post("/posts", body).status, 201) << "another member's local ids are another matter";
  EXPECT_EQ(ann_.del(post_path(*made.begin())).status, 204);
  EXPECT_TRUE(is_problem(ann_.post("/posts", body), 409, "conflict"));
}

TEST_F(Posts, AreNotFoundWhereThereAreNone) {
  for (const char* path : {"/posts/999", "/posts/0", "/posts/x", "/posts/99999999999999999999",
                           "/posts/999/comments", "/posts/999/revisions"}) {
    EXPECT_TRUE(is_problem(ann_.get(path), 404, "not-found")) << path;
  }
  EXPECT_TRUE(is_problem(ann_.patch("/posts/999", R"({"revision":1})"), 404, "not-found"));
  EXPECT_TRUE(is_problem(ann_.del("/posts/999"), 404, "not-found"));
  EXPECT_TRUE(is_problem(vote(ann_, "/posts/999", 1), 404, "not-found"));
  EXPECT_TRUE(is_problem(boss_.post("/posts/999/restore"), 404, "not-found"));
}

TEST_F(Posts, AreEditedByTheirAuthors) {
  const std::int64_t id = post_id(ann_);
  EXPECT_TRUE(is_problem(edit_post(bob_, id, R"({"title":"Mine now"})"), 403, "forbidden"));
  EXPECT_TRUE(is_problem(stranger_.patch(post_path(id), R"({"revision":1})"), 401, "unauthenticated"));
  EXPECT_TRUE(is_invalid(ann_.patch(post_path(id), R"({"title":"abc"})"), "/revision"));
  EXPECT_TRUE(is_invalid(edit_post(ann_, id, R"({"category_ids":[77]})"), "/category_ids/0"));
  EXPECT_TRUE(is_invalid(edit_post(ann_, id, R"({"pinned":1})"), "/pinned"));

  const Reply edited = edit_post(ann_, id, R"({"title":"Other title","body":"Other body","tags":["t"]})");
  ASSERT_EQ(edited.status, 200) << edited;
  EXPECT_EQ(edited.json()["slug"], "other-title");
  EXPECT_EQ(edited.json()["excerpt"], "Other body");
  EXPECT_EQ(edited.json()["revision"], 2);
  EXPECT_TRUE(edited.json()["edited_at"].is_null()) << "within the silent time";
  EXPECT_EQ(stranger_.get(post_path(id)).json(), edited.json()) << "no cached answer is left";

  const Reply stale = ann_.patch(post_path(id), R"({"title":"Third","revision":1})");
  EXPECT_TRUE(is_problem(stale, 412, "precondition-failed"));
  EXPECT_EQ(stale.json()["current"], edited.json());
  EXPECT_EQ(edit_post(ann_, id, R"({"title":"Other title"})").json()["revision"], 2) << "nothing changed";

  const Json revisions = stranger_.get(post_path(id) + "/revisions").json();
  EXPECT_EQ(revisions["items"].size(), 2u);
  EXPECT_EQ(revisions["items"][0]["title"], "Other title");
  EXPECT_EQ(revisions["items"][1]["body"], "A body.");
  EXPECT_EQ(revisions["items"][1]["editor"]["nickname"], "ann");
  EXPECT_EQ(walk(stranger_, post_path(id) + "/revisions?limit=1").size(), 2u);
  EXPECT_TRUE(is_invalid(stranger_.get(post_path(id) + "/revisions?limit=0"), "?limit"));
}

TEST_F(Posts, ArePinnedAndLockedByModerators) {
  const std::int64_t first = post_id(ann_, "First");
  const std::int64_t second = post_id(ann_, "Second");
  EXPECT_TRUE(is_problem(edit_post(ann_, first, R"({"pinned":true})"), 403, "forbidden"));
  EXPECT_TRUE(is_problem(edit_post(ann_, first, R"({"locked":true})"), 403, "forbidden"));
  const Json pinned = edit_post(boss_, first, R"({"pinned":true,"locked":true})").json();
  EXPECT_EQ(pinned["pinned"], true);
  EXPECT_EQ(pinned["locked"], true);
  EXPECT_THAT(ids(ann_.get("/posts")), ElementsAre(first, second));
  EXPECT_THAT(ids(ann_.get("/posts?sort=new")), ElementsAre(second, first));
  EXPECT_TRUE(is_problem(bob_.post(comments_path(first), R"({"body":"b"})"), 409, "conflict"));
  EXPECT_EQ(edit_post(boss_, first, R"({"pinned":false,"locked":false})").status, 200);
  EXPECT_THAT(ids(ann_.get("/posts")), ElementsAre(second, first));
}

TEST_F(Posts, AreDeletedAndRestored) {
  const std::int64_t id = post_id(ann_, "Elephants");
  comment_id(bob_, id);
  vote(bob_, post_path(id), 1);
  EXPECT_TRUE(is_problem(bob_.del(post_path(id)), 403, "forbidden"));
  EXPECT_TRUE(is_problem(stranger_.del(post_path(id)), 401, "unauthenticated"));
  ASSERT_EQ(ann_.del(post_path(id)).status, 204);
  for (const std::string& path : {post_path(id), comments_path(id), post_path(id) + "/revisions"})
    EXPECT_TRUE(is_problem(boss_.get(path), 404, "not-found")) << path;
  EXPECT_TRUE(is_problem(ann_.del(post_path(id)), 404, "not-found"));
  EXPECT_TRUE(is_problem(vote(bob_, post_path(id), -1), 404, "not-found"));
  EXPECT_TRUE(is_problem(bob_.put(post_path(id) + "/read", R"({"comment_id":1})"), 404, "not-found"));
  EXPECT_TRUE(ids(bob_.get("/posts?liked=me")).empty());
  EXPECT_EQ(stranger_.get("/categories").json()["items"][0]["post_count"], 0);

  EXPECT_TRUE(is_problem(ann_.post(post_path(id) + "/restore"), 403, "forbidden"));
  EXPECT_TRUE(is_problem(stranger_.post(post_path(id) + "/restore"), 401, "unauthenticated"));
  const Reply restored = boss_.post(post_path(id) + "/restore");
  ASSERT_EQ(restored.status, 200) << restored;
  EXPECT_EQ(restored.json()["likes"], 1);
  EXPECT_EQ(stranger_.get(comments_path(id)).json()["items"].size(), 1u);
  EXPECT_EQ(stranger_.get("/categories").json()["items"][0]["post_count"], 1);
  EXPECT_EQ(boss_.post(post_path(id) + "/restore").status, 200) << "once more changes nothing";
}

TEST_F(Posts, AreNotRestoredWithoutACategory) {
  const std::int64_t category = boss_.post("/categories", R"({"name":"Short-lived"})").json()["id"].integer();
  const std::int64_t id =
      ann_.post("/posts", object({{"title", "Lost"}, {"body", "b"}, {"category_ids", array({category})}}))
          .json()["id"]
          .integer();
  EXPECT_TRUE(is_problem(boss_.del("/categories/" + std::to_string(category)), 409, "conflict"));
  EXPECT_EQ(ann_.del(post_path(id)).status, 204);
  EXPECT_EQ(boss_.del("/categories/" + std::to_string(category)).status, 204);
  EXPECT_TRUE(is_problem(boss_.post(post_path(id) + "/restore"), 409, "conflict"));
}

TEST_F(Posts, ArePurgedByCommand) {
  const std::int64_t kept = post_id(ann_, "Kept");
  const std::int64_t parent = comment_id(bob_, kept, "Parent");
  const std::int64_t answer = comment_id(ann_, kept, "Answer", parent);
  const std::int64_t alone = comment_id(bob_, kept, "Alone");
  const std::int64_t gone = post_id(ann_, "Gone");
  comment_id(bob_, gone, "Gone too");
  EXPECT_EQ(bob_.del(comment_path(parent)).status, 204);
  EXPECT_EQ(bob_.del(comment_path(alone)).status, 204);
  EXPECT_EQ(ann_.del(post_path(gone)).status, 204);
  EXPECT_THAT(server_.run({"posts", "purge"}).out, HasSubstr("posts: 0, comments: 0."));
  EXPECT_EQ(boss_.post(post_path(gone) + "/restore").status, 200);
  EXPECT_EQ(ann_.del(post_path(gone)).status, 204);

  const Outcome purged = server_.run({"posts", "purge", "--days", "0"});
  EXPECT_EQ(purged.exit_code, 0) << purged.err;
  EXPECT_THAT(purged.out, HasSubstr("posts: 1, comments: 3."));
  EXPECT_THAT(server_.run({"posts", "purge", "--days", "0"}).out, HasSubstr("posts: 0, comments: 0."));
  EXPECT_TRUE(is_problem(boss_.post(post_path(gone) + "/restore"), 404, "not-found"));
  EXPECT_THAT(ids(stranger_.get(comments_path(kept))), ElementsAre(parent, answer));
  EXPECT_NE(server_.run({"posts", "purge", "--days", "soon"}).exit_code, 0);
}

TEST_F(Posts, ArePreviewedAsTheyWillBe) {
  const std::string body =
      "# Hi\n\n- [x] <b>@ann</b> javascript:alert(1) [x](javascript:alert(1)) ![i](/i.png)";
  const Reply preview = ann_.post("/posts/preview", object({{"body", body}}));
  ASSERT_EQ(preview.status, 200) << preview;
  EXPECT_EQ(preview.json()["html"], write_post(ann_, "Hello", body)["html"]);
  EXPECT_THAT(preview.json()["html"].text(), Not(HasSubstr("<b>")));
  EXPECT_TRUE(is_problem(stranger_.post("/posts/preview", R"({"body":"b"})"), 401, "unauthenticated"));
  EXPECT_TRUE(is_invalid(ann_.post("/posts/preview", "{}"), "/body"));
}

}  // namespace
}  // namespace stoa::harness
