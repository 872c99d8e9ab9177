// With the real posts plugin, whose hooks it filters.
#include <stoa/checks.hpp>
#include <stoa/testing.hpp>

using stoa::testing::Host;
using stoa::testing::Reply;

static stoa::testing::Options with(const std::string& settings) {
  stoa::testing::Options options;
  options.plugins = {STOA_TEST_PLUGIN};
  options.settings["wordfilter"] = settings;
  return options;
}

static Reply write_post(Host& host, const std::string& title, const std::string& body) {
  auto ann = host.user("ann");
  return ann.post("/api/v1/posts", stoa::Json()
                                       .begin_object()
                                       .field("title", title)
                                       .field("body", body)
                                       .key("category_ids")
                                       .begin_array()
                                       .value(1)
                                       .end_array()
                                       .end_object()
                                       .take());
}

STOA_TEST(MasksWholeWordsInAnyCase) {
  Host host(with(R"({"words":["cabbage","blöd"]})"));
  const Reply post = write_post(host, "Cabbage and more", "A CABBAGE.\ncabbages stay,\ncabbage \"cabbage\" blöd");
  STOA_EQUAL(post.status, 201);
  STOA_EQUAL(post.text("title"), "******* and more");
  STOA_EQUAL(post.text("body"), "A *******.\ncabbages stay,\n******* \"*******\" ****");
}

STOA_TEST(RefusesWhenToldTo) {
  Host host(with(R"({"words":["cabbage"],"action":"reject"})"));
  const Reply post = write_post(host, "Vegetables", "I like\ncabbage");
  STOA_EQUAL(post.status, 422);
  STOA_CHECK(post.body.find("unwanted_word") != std::string::npos);
  STOA_CHECK(post.body.find("/body") != std::string::npos);
  STOA_CHECK(host.events("posts.post.created").empty());
}

STOA_TEST(LooksAtCommentsToo) {
  Host host(with(R"({"words":["cabbage"]})"));
  const std::string id = std::to_string(write_post(host, "Vegetables", "Which ones?").integer("id"));
  auto bob = host.user("bob");
  const Reply comment = bob.post("/api/v1/posts/" + id + "/comments", R"({"body":"Not cabbage"})");
  STOA_EQUAL(comment.status, 201);
  STOA_EQUAL(comment.text("body"), "Not *******");
}

STOA_TEST(ModeratorsMayTry) {
  Host host(with(R"({"words":["cabbage","Sprout"]})"));
  auto mia = host.user("mia", "moderator");
  const std::string path = "/api/v1/x/wordfilter/words";
  STOA_EQUAL(mia.get(path).body, R"({"words":["cabbage","sprout"]})");
  STOA_EQUAL(mia.post(path, R"({"text":"a \"sprout\"\nsprouts"})").body, R"({"text":"a \"******\"\nsprouts"})");
  STOA_EQUAL(mia.post(path, R"({"other":"x"})").status, 422);
  STOA_EQUAL(mia.post(path, "[]").status, 422);
  STOA_EQUAL(host.user("ann").get(path).status, 403);
}

STOA_TEST(WithoutWordsNothingChanges) {
  Host host(with("{}"));
  STOA_EQUAL(write_post(host, "Vegetables", "cabbage").text("body"), "cabbage");
  bool said = false;
  for (const std::string& line : host.logs()) said = said || line.find("No words are set") != std::string::npos;
  STOA_CHECK(said);
}

STOA_TEST_MAIN()
