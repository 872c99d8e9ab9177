// Finding posts and comments by their words.
#include "posts_fixture.hpp"

#include <gmock/gmock.h>

namespace stoa::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Search : public PostsFixture {
 protected:
  static std::string path(const std::string& query) {
    std::string out = "/search?q=";
    for (const char c : query) {
      char hex[4];
      std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned char>(c));
      out += hex;
    }
    return out;
  }
  // "post 1", "comment 2", newest first, once the index has caught up.
  std::vector<std::string> found(const std::string& query, const std::string& more = "") {
    std::vector<std::string> out;
    for (const Json& hit : stranger_.get(path(query) + more).json()["items"].items())
      out.push_back(hit["kind"].text() + " " + std::to_string(hit["id"].integer()));
    return out;
  }
  ::testing::AssertionResult finds(const std::string& query, const std::vector<std::string>& wanted,
                                   const std::string& more = "") {
    if (eventually([&] { return found(query, more) == wanted; })) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << ::testing::PrintToString(found(query, more));
  }
};

TEST_F(Search, FindsWordsInPostsAndComments) {
  const std::int64_t zebra = post_id(ann_, "About zebras", "They have **stripes** & <b>hooves</b>.");
  const std::int64_t comment = comment_id(bob_, zebra, "I like the stripes of [zebras](/z).");
  EXPECT_TRUE(finds("stripes", {"comment 1", "post 1"}));
  EXPECT_TRUE(finds("STRIPES zebras", {"comment 1", "post 1"}));
  EXPECT_TRUE(finds("stripes", {"post 1"}, "&type=posts"));
  EXPECT_TRUE(finds("stripes", {"comment 1"}, "&type=comments"));
  EXPECT_TRUE(finds("in:title zebras", {"post 1"}));
  EXPECT_TRUE(finds("in:title stripes", {}));
  EXPECT_TRUE(finds("\"like the\"", {"comment 1"}));
  EXPECT_TRUE(finds("\"the like\"", {}));
  EXPECT_TRUE(finds("hoo*", {"post 1"}));
  EXPECT_TRUE(finds("hoo", {}));
  EXPECT_TRUE(finds("lions", {}));

  const Json hit = stranger_.get(path("stripes")).json()["items"][1];
  EXPECT_EQ(hit["post_id"], zebra);
  EXPECT_EQ(hit["title"], "About zebras");
  EXPECT_EQ(hit["post_slug"], "about-zebras");
  EXPECT_EQ(hit["author"]["nickname"], "ann");
  EXPECT_EQ(hit["snippet"], "They have ⟦stripes⟧ & <b>hooves</b>.");
  EXPECT_EQ(stranger_.get(path("stripes")).json()["items"][0]["id"], comment);
}

TEST_F(Search, FiltersByAuthorCategoryAndTime) {
  const std::int64_t first = post_id(ann_, "Cats here", "b");
  ann_.post("/posts", object({{"title", "Cats there"}, {"body", "b"}, {"category_ids", array({ideas_})}}));
  comment_id(bob_, first, "cats");
  EXPECT_TRUE(finds("cats", {"comment 1", "post 2", "post 1"}));
  EXPECT_TRUE(finds("cats author:@ANN", {"post 2", "post 1"}));
  EXPECT_TRUE(finds("author:bob", {"comment 1"}));
  EXPECT_TRUE(finds("cats author:nobody", {}));
  EXPECT_TRUE(finds("cats category:ideas", {"post 2"}));
  EXPECT_TRUE(finds("cats category:general", {"comment 1", "post 1"}));
  EXPECT_TRUE(finds("cats category:nope", {}));
  EXPECT_TRUE(finds("cats before:2020", {}));
  EXPECT_TRUE(finds("cats after:2020-01 before:2200-01-01", {"comment 1", "post 2", "post 1"}));
  EXPECT_TRUE(finds("cats after:2200", {}));
}

TEST_F(Search, FollowsChanges) {
  const std::int64_t post = post_id(ann_, "Old title", "giraffes");
  const std::int64_t comment = comment_id(bob_, post, "hippos");
  EXPECT_TRUE(finds("giraffes", {"post 1"}));
  EXPECT_TRUE(finds("hippos category:general", {"comment 1"}));
  edit_post(ann_, post, R"({"body":"elephants","category_ids":[3]})");
  bob_.patch(comment_path(comment), R"({"body":"rhinos","revision":1})");
  EXPECT_TRUE(finds("elephants category:ideas", {"post 1"}));
  EXPECT_TRUE(finds("rhinos category:ideas", {"comment 1"}));
  EXPECT_TRUE(finds("giraffes", {}));
  EXPECT_TRUE(finds("hippos", {}));
  bob_.del(comment_path(comment));
  EXPECT_THAT(found("rhinos"), IsEmpty()) << "at once";
  EXPECT_TRUE(finds("rhinos", {}));
  ann_.del(post_path(post));
  EXPECT_THAT(found("elephants"), IsEmpty());
  boss_.post(post_path(post) + "/restore");
  EXPECT_TRUE(finds("elephants", {"post 1"}));
}

TEST_F(Search, IsWalkedToTheEnd) {
  const std::int64_t post = post_id(ann_, "Needle", "b");
  for (int i = 0; i < 7; ++i) comment_id(bob_, post, "needle " + std::to_string(i));
  post_id(ann_, "Needle again", "b");
  EXPECT_TRUE(eventually([&] { return walk(stranger_, path("needle") + "&limit=3").size() == 9; }));
  const auto hits = walk(stranger_, path("needle") + "&limit=3");
  for (std::size_t i = 1; i < hits.size(); ++i)
    EXPECT_GE(hits[i - 1]["created_at"].text(), hits[i]["created_at"].text());
}

TEST_F(Search, CatchesUpAfterARestart) {
  post_id(ann_, "Before", "walrus");
  server_.kill();
  server_.start();
  stranger_ = server_.client();
  EXPECT_TRUE(finds("walrus", {"post 1"}));
}

TEST_F(Search, RefusesNonsenseAndSurvivesTheRest) {
  post_id(ann_);
  EXPECT_TRUE(is_invalid(stranger_.get("/search"), "?q"));
  EXPECT_TRUE(is_invalid(stranger_.get(path("  ")), "?q"));
  EXPECT_TRUE(is_invalid(stranger_.get(path(std::string(201, 'a'))), "?q"));
  EXPECT_TRUE(is_invalid(stranger_.get(path("a before:yesterday")), "?q"));
  EXPECT_TRUE(is_invalid(stranger_.get(path("a") + "&type=users"), "?type"));
  EXPECT_TRUE(is_invalid(stranger_.get(path("a") + "&cursor=x"), "?cursor"));
  for (const char* query :
       {"\"", "\"\"", "*", "a*b*", "NEAR(", "a AND", "OR", "{title}:x", "title:x", "-x", "^a", "a\"b",
        "(((((", "a:b:c", "'; DROP TABLE posts_post", "facts:a1", "\xE4\xBD\xA0"}) {
    EXPECT_EQ(stranger_.get(path(query)).status, 200) << query;
  }
}

class Pages : public PostsFixture {};

TEST_F(Pages, ShowEverybodyWhatIsPublic) {
  const std::int64_t id = post_id(ann_, "A <b>title</b> & more", "Some *text*");
  comment_id(bob_, id, "<script>alert(1)</script>");
  const Reply post = stranger_.get("//p/" + std::to_string(id) + "/wrong-slug");
  ASSERT_EQ(post.status, 200);
  EXPECT_THAT(post.body, HasSubstr("<h1 class=\"stoa-heading\">A &lt;b&gt;title&lt;/b&gt; &amp; more</h1>"));
  EXPECT_THAT(post.body, HasSubstr("<em>text</em>"));
  EXPECT_THAT(post.body, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(post.body, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(post.body, HasSubstr("/p/" + std::to_string(id) + "/a-b-title-b-more\""));
  EXPECT_EQ(stranger_.get("//p/999").status, 404);
  EXPECT_EQ(stranger_.get("//c/nope").status, 404);
  for (const char* path : {"//", "//c/general"})
    EXPECT_THAT(stranger_.get(path).body, HasSubstr("A &lt;b&gt;title&lt;/b&gt; &amp; more</a></h2>"))
        << path;
  EXPECT_EQ(stranger_.get("//new").status, 200);
  EXPECT_EQ(stranger_.get("//search").status, 200);

  edit_post(ann_, id, R"({"title":"Changed"})");
  EXPECT_THAT(stranger_.get("//").body, HasSubstr("Changed</a></h2>"));
  EXPECT_THAT(stranger_.get("//p/" + std::to_string(id)).body, HasSubstr("Changed</h1>"));
  ann_.del(post_path(id));
  EXPECT_EQ(stranger_.get("//p/" + std::to_string(id)).status, 404);
  EXPECT_THAT(stranger_.get("//").body, Not(HasSubstr("Changed</a></h2>")));
}

TEST_F(Pages, AreWalkedWithoutScripts) {
  for (int i = 0; i < 25; ++i) post_id(ann_, "Numbered " + std::to_string(i));
  const std::string first = stranger_.get("//").body;
  EXPECT_THAT(first, HasSubstr("Numbered 24</a>"));
  EXPECT_THAT(first, Not(HasSubstr("Numbered 3</a>")));
  const auto link = first.find("rel=\"next\" href=\"/");
  ASSERT_NE(link, std::string::npos);
  const auto begin = link + std::string("rel=\"next\" href=\"/").size();
  const std::string second = stranger_.get("//" + first.substr(begin, first.find('"', begin) - begin)).body;
  EXPECT_THAT(second, HasSubstr("Numbered 3</a>"));
  EXPECT_THAT(second, Not(HasSubstr("Numbered 24</a>")));
}

}  // namespace
}  // namespace stoa::harness
