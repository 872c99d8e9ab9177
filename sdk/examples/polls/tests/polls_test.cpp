#include <stoa/checks.hpp>
#include <stoa/testing.hpp>

using stoa::testing::Client;
using stoa::testing::Host;
using stoa::testing::Reply;
using namespace std::chrono_literals;

static const std::string kPolls = "/api/v1/x/polls/polls";
static const char* const kTea = R"({"question":"Tea or coffee?","options":["Tea","Coffee"],"days":2})";

static bool says(const std::vector<std::string>& frames, const std::string& text) {
  for (const std::string& frame : frames) {
    if (frame.find(text) != std::string::npos) return true;
  }
  return false;
}

STOA_TEST(IsAskedAndCounted) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  const Reply asked = ann.post(kPolls, kTea);
  STOA_EQUAL(asked.status, 201);
  STOA_EQUAL(asked.header("Location"), kPolls + "/1");
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":2})").status, 200);
  STOA_EQUAL(host.user("bob").put(kPolls + "/1/vote", R"({"option_id":2})").status, 200);
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":1})").status, 200);  // changes her mind
  const auto poll = host.stranger().get(kPolls + "/1").json();
  STOA_EQUAL(poll["options"][0]["votes"].GetInt(), 1);
  STOA_EQUAL(poll["options"][1]["votes"].GetInt(), 1);
  STOA_EQUAL(std::string(poll["author"]["nickname"].GetString()), "ann");
  STOA_EQUAL(ann.get(kPolls + "/1/vote").body, R"({"option_id":1})");
}

STOA_TEST(RefusesWhatMakesNoSense) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  STOA_EQUAL(host.stranger().post(kPolls, kTea).status, 401);
  STOA_EQUAL(ann.post(kPolls, R"({"question":"Tea?","options":["Yes"]})").status, 422);
  STOA_EQUAL(ann.post(kPolls, R"({"question":"Tea?","options":["Yes","No"],"days":31})").status, 422);
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":1})").status, 404);
  ann.post(kPolls, kTea);
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":99})").status, 422);
}

STOA_TEST(AVoteIsFinalWhenTheOperatorSaysSo) {
  stoa::testing::Options options;
  options.plugins = {STOA_TEST_PLUGIN};
  options.settings["polls"] = R"({"change_votes":false,"max_options":2})";
  Host host(options);
  auto ann = host.user("ann");
  STOA_EQUAL(ann.post(kPolls, R"({"question":"Which?","options":["a","b","c"]})").status, 422);
  ann.post(kPolls, kTea);
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":1})").status, 200);
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":2})").status, 409);
}

STOA_TEST(IsCountedLive) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  ann.post(kPolls, kTea);
  auto socket = host.connect(host.stranger());
  STOA_EQUAL(socket.subscribe("poll:1"), "");
  STOA_EQUAL(socket.subscribe("poll:2"), "not-found");
  ann.put(kPolls + "/1/vote", R"({"option_id":2})");
  STOA_CHECK(says(socket.frames(), R"("options":[{"id":1,"votes":0},{"id":2,"votes":1}])"));

  auto cheering = host.connect(ann);
  cheering.subscribe("poll:1");
  STOA_EQUAL(cheering.operate("cheer", "poll:1"), "");
  STOA_EQUAL(cheering.operate("cheer", "poll:1"), "");
  std::vector<std::string> heard;
  STOA_CHECK(Host::eventually([&] {
    host.advance(100ms);
    for (std::string& frame : socket.frames()) heard.push_back(std::move(frame));
    return says(heard, R"("count":2)");
  }));
  STOA_CHECK(!socket.operate("cheer", "poll:1").empty());  // a stranger
}

STOA_TEST(EndsAtItsTime) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  ann.post(kPolls, kTea);
  host.advance(47h);
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":1})").status, 200);
  host.advance(1h);
  STOA_CHECK(Host::eventually([&] { return !host.events("polls.poll.closed").empty(); }));
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":1})").status, 409);
}

STOA_TEST(EndsEvenWhenTheServerWasDown) {
  Host host({{STOA_TEST_PLUGIN}});
  host.user("ann").post(kPolls, kTea);
  host.advance(72h);
  host.restart();
  STOA_CHECK(Host::eventually([&] { return host.stranger().get(kPolls + "/1").body.find(R"("closed":true)") != std::string::npos; }));
}

STOA_TEST(IsClosedByCommand) {
  Host host({{STOA_TEST_PLUGIN}});
  host.user("ann").post(kPolls, kTea);
  STOA_EQUAL(host.command({"polls", "close", "--id", "1"}).out, "Closed poll 1\n");
  STOA_CHECK(host.command({"polls", "close", "--id", "7"}).status != 0);
  STOA_CHECK(host.command({"polls", "close", "--id", "x"}).status != 0);
}

STOA_TEST(IsDeletedByItsAuthorOrAModerator) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  ann.post(kPolls, kTea);
  ann.post(kPolls, kTea);
  STOA_EQUAL(host.user("bob").del(kPolls + "/1").status, 403);
  STOA_EQUAL(ann.del(kPolls + "/1").status, 204);
  STOA_EQUAL(host.user("mia", "moderator").del(kPolls + "/2").status, 204);
  STOA_EQUAL(ann.get(kPolls + "/1").status, 404);
}

STOA_TEST(APostMayNameOnlyPollsThatExist) {
  stoa::testing::Options options;
  options.plugins = {STOA_TEST_PLUGIN};
  options.with = {"posts"};
  Host host(options);
  auto ann = host.user("ann");
  ann.post(kPolls, kTea);
  STOA_EQUAL(ann.post("/api/v1/posts", R"({"title":"Vote","body":"[poll:1]","category_ids":[1]})").status, 201);
  const Reply refused = ann.post("/api/v1/posts", R"({"title":"Vote","body":"[poll:2]","category_ids":[1]})");
  STOA_EQUAL(refused.status, 422);
  STOA_CHECK(refused.body.find("unknown_poll") != std::string::npos);
}

STOA_TEST(IsShownWithoutScripts) {
  Host host({{STOA_TEST_PLUGIN}});
  host.user("ann").post(kPolls, R"({"question":"<Tea>?","options":["Yes","No"]})");
  STOA_CHECK(host.stranger().get("/x/polls").body.find("&lt;Tea&gt;?</a>") != std::string::npos);
  STOA_CHECK(host.stranger().get("/x/polls/1").body.find("<li>Yes: 0</li>") != std::string::npos);
  STOA_EQUAL(host.stranger().get("/x/polls/9").status, 404);
}

STOA_TEST(AFullDiskLosesNothing) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  ann.post(kPolls, kTea);
  host.fail_writes("unavailable");
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":1})").status, 503);
  STOA_CHECK(host.events("polls.poll.counted").empty());
  STOA_EQUAL(ann.put(kPolls + "/1/vote", R"({"option_id":1})").status, 200);
  STOA_EQUAL(host.events("polls.poll.counted").size(), 1u);
}

STOA_TEST(AuthorsWithoutNamesAreShownAllTheSame) {
  Host host({{STOA_TEST_PLUGIN}});
  host.user("ann").post(kPolls, kTea);
  host.service_gone("stoa.identity/1");
  STOA_CHECK(host.stranger().get(kPolls + "/1").body.find(R"("nickname":null)") != std::string::npos);
}

STOA_TEST_MAIN()
