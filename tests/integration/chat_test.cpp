// Private messages, as two people with a browser each see them.
#include "chat_fixture.hpp"

namespace stoa::harness {
namespace {

using ::testing::ElementsAre;

using Chat = ChatFixture;

TEST_F(Chat, HistoryIsReadTenAtATime) {
  const std::int64_t id = open(ann_, {bob_.user_id()});
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 25; ++i) ids.push_back(say(i % 2 ? ann_ : bob_, id, std::to_string(i)));
  const std::string path = base(id) + "/messages";

  const Reply first = ann_.get(path);
  EXPECT_EQ(first.header("Cache-Control"), "private, no-store");
  EXPECT_FALSE(first.header("Stoa-Seq").empty());
  EXPECT_THAT(bodies(first.json()), ElementsAre("24", "23", "22", "21", "20", "19", "18", "17", "16", "15"));
  EXPECT_THAT(first.header("Link"), ::testing::HasSubstr("rel=\"next\""));
  say(bob_, id, "in between");
  const Reply second = ann_.get(path + "?cursor=" + first.json()["next"].text());
  EXPECT_EQ(bodies(second.json()).front(), "14");

  EXPECT_THAT(bodies(ann_.get(path + "?limit=3&before=" + std::to_string(ids[5])).json()),
              ElementsAre("4", "3", "2"));
  EXPECT_THAT(bodies(ann_.get(path + "?after=" + std::to_string(ids[23])).json()),
              ElementsAre("in between", "24"));
  EXPECT_THAT(
      bodies(
          ann_.get(path + "?after=" + std::to_string(ids[3]) + "&before=" + std::to_string(ids[6])).json()),
      ElementsAre("5", "4"));
  EXPECT_EQ(walk(ann_, path).size(), 26u);
  EXPECT_EQ(walk(ann_, path + "?limit=2&after=" + std::to_string(ids[20])).size(), 5u);
  for (const char* query :
       {"?limit=0", "?limit=101", "?limit=x", "?before=0", "?after=-1", "?cursor=!!", "?cursor=MTIs"})
    EXPECT_EQ(ann_.get(path + query).status, 422) << query;
  EXPECT_TRUE(ann_.get(path + "?after=" + std::to_string(ids[24] + 1)).json()["next"].is_null());
}

TEST_F(Chat, AMessageIsWrittenOnce) {
  const std::int64_t id = open(ann_, {bob_.user_id()});
  const std::string path = base(id) + "/messages";
  const std::string body = object({{"body", "**hi** <b>@bob</b>"}, {"local_id", "a-1"}});
  const Reply first = ann_.post(path, body);
  ASSERT_EQ(first.status, 201) << first;
  const Json message = first.json();
  EXPECT_EQ(message["conversation_id"], id);
  EXPECT_EQ(message["sender"]["nickname"], "ann");
  EXPECT_EQ(message["body"], "**hi** <b>@bob</b>");
  EXPECT_THAT(message["html"].text(), ::testing::HasSubstr("<strong>hi</strong>"));
  EXPECT_THAT(message["html"].text(), ::testing::Not(::testing::HasSubstr("<b>")));
  EXPECT_THAT(message["html"].text(), ::testing::HasSubstr("/u/bob"));
  EXPECT_TRUE(message["edited_at"].is_null());
  EXPECT_EQ(message["deleted"], false);
  EXPECT_EQ(message["local_id"], "a-1");

  const Reply again = ann_.post(path, body);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json()["id"], message["id"]);
  EXPECT_EQ(bob_.post(path, body).status, 201) << "another's local_id is another message";
  EXPECT_EQ(unread(bob_), 1);

  for (const char* wrong :
       {R"({})", R"({"body":""})", R"({"body":"  \n "})", R"({"body":7})", R"({"body":null})",
        R"({"body":"x","local_id":""})", R"({"body":"x","html":"y"})", R"({"body":"a\u0000b"})"})
    EXPECT_EQ(ann_.post(path, wrong).status, 422) << wrong;
  EXPECT_EQ(ann_.post(path, object({{"body", std::string(6'001, 'x')}})).status, 422);
  EXPECT_EQ(ann_.post(path, object({{"body", std::string(6'000, 'x')}})).status, 201);
}

TEST_F(Chat, OnesOwnMessagesChange) {
  const std::int64_t id = open(ann_, {bob_.user_id()});
  const std::int64_t message = say(ann_, id, "frist");
  const std::string path = "/chat/messages/" + std::to_string(message);
  EXPECT_EQ(bob_.patch(path, R"({"body":"x"})").status, 403);
  EXPECT_EQ(bob_.patch(path, R"({})").status, 403);
  EXPECT_EQ(bob_.del(path).status, 403);
  EXPECT_EQ(ann_.patch(path, R"({"body":""})").status, 422);
  const Reply edited = ann_.patch(path, R"({"body":"first"})");
  EXPECT_EQ(edited.status, 200) << edited;
  EXPECT_EQ(edited.json()["body"], "first");
  EXPECT_FALSE(edited.json()["edited_at"].is_null());
  const Json revisions = bob_.get(path + "/revisions").json()["items"];
  ASSERT_EQ(revisions.size(), 1u);
  EXPECT_EQ(revisions[0]["body"], "frist");

  EXPECT_EQ(ann_.del(path).status, 204);
  EXPECT_EQ(ann_.del(path).status, 204);
  EXPECT_EQ(ann_.patch(path, R"({"body":"back"})").status, 409);
  const Json left = bob_.get(base(id) + "/messages").json()["items"][0];
  EXPECT_EQ(left["deleted"], true);
  EXPECT_EQ(left["body"], "");
  EXPECT_EQ(left["html"], "");
  EXPECT_EQ(bob_.get(path + "/revisions").json()["items"].size(), 0u);
  EXPECT_EQ(ann_.del("/chat/messages/999999").status, 404);
}

TEST_F(Chat, ReadingNeverGoesBack) {
  const std::int64_t id = open(ann_, {bob_.user_id()});
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(say(ann_, id, std::to_string(i)));
  EXPECT_EQ(unread(bob_), 5);
  EXPECT_EQ(unread(ann_), 0);
  EXPECT_EQ(read(bob_, id, ids[2]), 204);
  EXPECT_EQ(unread(bob_), 2);
  EXPECT_EQ(read(bob_, id, ids[0]), 204);
  EXPECT_EQ(unread(bob_), 2);
  EXPECT_EQ(ann_.del("/chat/messages/" + std::to_string(ids[3])).status, 204);
  EXPECT_EQ(unread(bob_), 1) << "what is deleted is no longer unread";
  EXPECT_EQ(ann_.del("/chat/messages/" + std::to_string(ids[1])).status, 204);
  EXPECT_EQ(unread(bob_), 1) << "that one was read";
  EXPECT_EQ(read(bob_, id, ids[3]), 204);
  EXPECT_EQ(unread(bob_), 1);
  const Json counts = bob_.get("/chat/unread").json()["conversations"];
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0]["id"], id);
  EXPECT_EQ(counts[0]["unread"], 1);
  EXPECT_EQ(read(bob_, id, ids[4]), 204);
  EXPECT_EQ(unread(bob_), 0);
  EXPECT_EQ(bob_.get("/chat/unread").json()["conversations"].size(), 0u);
  EXPECT_EQ(read(bob_, id, ids[4] + 1'000), 422);
  EXPECT_EQ(read(bob_, id, -1), 422);
  EXPECT_EQ(read(bob_, id, 0), 204);

  Client cid = server_.register_user("cid");
  const std::int64_t other = open(ann_, {cid.user_id()});
  const std::int64_t elsewhere = say(ann_, other, "not for bob");
  EXPECT_EQ(read(bob_, id, elsewhere), 422);
}

TEST_F(Chat, FloodsAreStopped) {
  server_.stop();
  server_.options().limits = true;
  server_.options().environment["STOA__PLUGIN__CHAT__FLOOD_MESSAGES"] = "3";
  server_.options().environment["STOA__PLUGIN__CHAT__FLOOD_SECONDS"] = "3600";
  server_.start();
  Client ann = server_.login("ann", TestServer::kPassword);
  const std::int64_t id = open(ann, {bob_.user_id()});
  for (int i = 0; i < 3; ++i) say(ann, id, "x");
  const Reply refused = ann.post(base(id) + "/messages", R"({"body":"x"})");
  EXPECT_EQ(refused.status, 429) << refused;
  EXPECT_EQ(refused.header("Retry-After"), "1200");
}

TEST_F(Chat, ARestartKeepsEverything) {
  const std::int64_t id = open(ann_, {bob_.user_id()});
  const std::int64_t message = say(ann_, id, "kept");
  server_.kill();
  server_.start();
  bob_.disconnect();
  EXPECT_EQ(unread(bob_), 1);
  EXPECT_THAT(bodies(bob_.get(base(id) + "/messages").json()), ElementsAre("kept"));
  ann_.disconnect();
  EXPECT_GT(say(ann_, id, "next"), message);
}

TEST_F(Chat, PagesHoldNothingPrivate) {
  const std::int64_t id = open(ann_, {bob_.user_id()});
  say(ann_, id, "a secret");
  for (const std::string& path :
       {std::string("//messages"), "//messages/" + std::to_string(id), std::string("//messages/999")}) {
    const Reply page = bob_.get(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_THAT(page.body, ::testing::HasSubstr("<title>Messages")) << path;
    EXPECT_THAT(page.body, ::testing::Not(::testing::HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace stoa::harness
