// Who may talk with whom: conversations, groups and contacts.
#include <thread>

#include "chat_fixture.hpp"

namespace stoa::harness {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

using ChatPeople = ChatFixture;

TEST_F(ChatPeople, TwoPeopleHaveOneConversation) {
  const Reply first = ann_.post("/chat/conversations", object({{"member_ids", array({bob_.user_id()})}}));
  ASSERT_EQ(first.status, 201) << first;
  const std::int64_t id = first.json()["id"].integer();
  EXPECT_EQ(first.header("Location"), "/api/v1" + base(id));
  EXPECT_EQ(first.json()["members"].size(), 2u);
  EXPECT_TRUE(first.json()["last_message"].is_null());
  EXPECT_EQ(first.json()["unread"], 0);

  const Reply again = bob_.post("/chat/conversations", object({{"member_ids", array({ann_.user_id()})}}));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json()["id"], id);
  EXPECT_EQ(bob_.get("/chat/conversations").json()["items"].size(), 1u);
}

TEST_F(ChatPeople, TwoAtOnceStillOpenOne) {
  Reply of_ann, of_bob;
  std::thread other([&] {
    of_bob = bob_.post("/chat/conversations", object({{"member_ids", array({ann_.user_id()})}}));
  });
  of_ann = ann_.post("/chat/conversations", object({{"member_ids", array({bob_.user_id()})}}));
  other.join();
  EXPECT_EQ(of_ann.json()["id"], of_bob.json()["id"]);
  EXPECT_EQ(of_ann.status + of_bob.status, 401) << "one 201 and one 200";
}

TEST_F(ChatPeople, OnlyPeopleWhoCanBeWrittenTo) {
  const auto refused = [&](const std::string& body) {
    const Reply reply = ann_.post("/chat/conversations", body);
    EXPECT_EQ(reply.status, 422) << body << reply;
    EXPECT_EQ(reply.problem(), "validation") << body;
    return reply.pointers();
  };
  EXPECT_THAT(refused(object({{"member_ids", array({ann_.user_id()})}})), ElementsAre("/member_ids"));
  EXPECT_THAT(refused(object({{"member_ids", array({bob_.user_id(), 999})}})), ElementsAre("/member_ids/1"));
  EXPECT_THAT(refused(object({{"member_ids", array({})}})), ElementsAre("/member_ids"));
  EXPECT_THAT(refused("{}"), ElementsAre("/member_ids"));
  EXPECT_THAT(refused(R"({"member_ids":["2"]})"), ElementsAre("/member_ids/0"));
  EXPECT_THAT(refused(R"({"member_ids":[2,2]})"), Contains("/member_ids/1"));
  EXPECT_THAT(refused(R"({"member_ids":[2],"color":"red"})"), ElementsAre("/color"));
  EXPECT_THAT(refused(R"({"member_ids":[2],"title":7})"), ElementsAre("/title"));
  EXPECT_THAT(refused(R"([])"), ElementsAre(""));
  std::vector<Literal> many;
  for (int i = 1; i <= 21; ++i) many.emplace_back(i);
  EXPECT_THAT(refused(object({{"member_ids", array(many)}})), ElementsAre("/member_ids"));
  EXPECT_EQ(ann_.post("/chat/conversations", "{").status, 400);
}

TEST_F(ChatPeople, SuspendedPeopleAreNotWrittenTo) {
  const std::int64_t id = open(ann_, {bob_.user_id()});
  Client boss = server_.create_admin();
  const std::string path = "/admin/users/" + std::to_string(bob_.user_id());
  ASSERT_EQ(
      boss.patch(path, R"({"suspended_until":"2999-01-01T00:00:00.000Z","suspension_reason":"spam"})").status,
      200);
  EXPECT_EQ(ann_.post("/chat/conversations", object({{"member_ids", array({bob_.user_id()})}})).status, 422);
  EXPECT_THAT(names(walk(ann_, "/chat/contacts")), ElementsAre("boss"));
  EXPECT_EQ(ann_.get(base(id)).json()["members"].size(), 2u);
}

TEST_F(ChatPeople, StrangersAndOthersSeeNothing) {
  const std::int64_t id = open(ann_, {bob_.user_id()});
  const std::int64_t message = say(ann_, id, "between us");
  Client stranger = server_.client();
  for (const char* path : {"/chat/contacts", "/chat/conversations", "/chat/unread"})
    EXPECT_EQ(stranger.get(path).status, 401) << path;
  EXPECT_EQ(stranger.get(base(id)).status, 401);

  Client eve = server_.register_user("eve");
  EXPECT_EQ(eve.get(base(id)).status, 404);
  EXPECT_EQ(eve.get(base(id) + "/messages").status, 404);
  EXPECT_EQ(eve.get(base(id) + "/messages?limit=0").status, 404)
      << "what is hidden comes before what is wrong";
  EXPECT_EQ(eve.post(base(id) + "/messages", R"({"body":"hi"})").status, 404);
  EXPECT_EQ(eve.post(base(id) + "/messages", R"({})").status, 404);
  EXPECT_EQ(eve.patch(base(id), R"({"title":"mine"})").status, 404);
  EXPECT_EQ(eve.post(base(id) + "/members", object({{"user_id", eve.user_id()}})).status, 404);
  EXPECT_EQ(eve.del(member(id, bob_)).status, 404);
  EXPECT_EQ(read(eve, id, message), 404);
  const std::string own = "/chat/messages/" + std::to_string(message);
  EXPECT_EQ(eve.patch(own, R"({"body":"x"})").status, 404);
  EXPECT_EQ(eve.del(own).status, 404);
  EXPECT_EQ(eve.get(own + "/revisions").status, 404);
  EXPECT_EQ(eve.get("/chat/conversations/999999").status, 404);
  EXPECT_EQ(eve.get("/chat/conversations").json()["items"].size(), 0u);
}

TEST_F(ChatPeople, AGroupIsMadeOnce) {
  Client cid = server_.register_user("cid");
  const std::string wanted =
      object({{"member_ids", array({bob_.user_id(), cid.user_id()})}, {"local_id", "group-1"}});
  const Reply made = ann_.post("/chat/conversations", wanted);
  ASSERT_EQ(made.status, 201) << made;
  const Reply again = ann_.post("/chat/conversations", wanted);
  ASSERT_EQ(again.status, 200) << again;
  EXPECT_EQ(again.json()["id"].integer(), made.json()["id"].integer());
}

TEST_F(ChatPeople, GroupsChange) {
  Client cid = server_.register_user("cid");
  Client dan = server_.register_user("dan");
  const Reply made =
      ann_.post("/chat/conversations",
                object({{"member_ids", array({bob_.user_id(), cid.user_id()})}, {"title", " Chess "}}));
  ASSERT_EQ(made.status, 201) << made;
  const std::int64_t id = made.json()["id"].integer();
  EXPECT_EQ(made.json()["title"], "Chess");

  EXPECT_EQ(bob_.patch(base(id), R"({"title":"Go"})").json()["title"], "Go");
  EXPECT_TRUE(bob_.patch(base(id), R"({"title":""})").json()["title"].is_null());
  EXPECT_EQ(bob_.patch(base(id), "{}").status, 422);
  EXPECT_EQ(bob_.patch(base(id), object({{"title", std::string(101, 'x')}})).status, 422);

  const auto add = [&](Client& who, std::int64_t user) {
    return who.post(base(id) + "/members", object({{"user_id", user}}));
  };
  EXPECT_EQ(add(bob_, 999).status, 422);
  const Reply added = add(bob_, dan.user_id());
  EXPECT_EQ(added.status, 200) << added;
  EXPECT_EQ(added.json()["members"].size(), 4u);
  EXPECT_EQ(add(bob_, dan.user_id()).json()["members"].size(), 4u) << "twice changes nothing";

  EXPECT_EQ(bob_.del(member(id, dan)).status, 403) << "only who started it removes others";
  EXPECT_EQ(ann_.del(member(id, dan)).status, 204);
  EXPECT_EQ(dan.get(base(id)).status, 404);
  EXPECT_EQ(ann_.del(member(id, dan)).status, 404);

  EXPECT_EQ(ann_.del(member(id, ann_)).status, 204) << "everybody may leave";
  EXPECT_EQ(ann_.get(base(id)).status, 404);
  EXPECT_EQ(cid.get(base(id)).json()["members"].size(), 2u);
  EXPECT_EQ(bob_.del(member(id, cid)).status, 204) << "the one who is there longest takes over";

  const std::int64_t pair = open(ann_, {bob_.user_id()});
  EXPECT_EQ(ann_.post(base(pair) + "/members", object({{"user_id", cid.user_id()}})).status, 409);
  EXPECT_EQ(ann_.del(member(pair, ann_)).status, 409);
}

TEST_F(ChatPeople, GroupsHaveABound) {
  server_.stop();
  server_.options().environment["STOA__PLUGIN__CHAT__GROUP_SIZE"] = "3";
  server_.start();
  Client cid = server_.register_user("cid");
  Client dan = server_.register_user("dan");
  Client ann = server_.login("ann", TestServer::kPassword);
  EXPECT_EQ(ann.post("/chat/conversations",
                     object({{"member_ids", array({bob_.user_id(), cid.user_id(), dan.user_id()})}}))
                .status,
            422);
  const std::int64_t id = open(ann, {bob_.user_id(), cid.user_id()});
  EXPECT_EQ(ann.post(base(id) + "/members", object({{"user_id", dan.user_id()}})).status, 409);
}

TEST_F(ChatPeople, ContactsByLastMessageThenByName) {
  Client dan = server_.register_user("dan");
  Client cid = server_.register_user("Cid");
  EXPECT_THAT(names(walk(ann_, "/chat/contacts")), ElementsAre("bob", "Cid", "dan"));
  say(dan, open(dan, {ann_.user_id()}), "hello");
  open(ann_, {bob_.user_id()});
  EXPECT_THAT(names(walk(ann_, "/chat/contacts")), ElementsAre("dan", "bob", "Cid"));
  say(cid, open(cid, {ann_.user_id()}), "me too");
  EXPECT_THAT(names(walk(ann_, "/chat/contacts?limit=1")), ElementsAre("Cid", "dan", "bob"));
  EXPECT_THAT(names(walk(ann_, "/chat/contacts?limit=2")), ElementsAre("Cid", "dan", "bob"));

  const Reply reply = ann_.get("/chat/contacts");
  EXPECT_FALSE(reply.header("Stoa-Seq").empty());
  const Json first = reply.json()["items"][0];
  EXPECT_EQ(first["last_message"]["body"], "me too");
  EXPECT_EQ(first["unread"], 1);
  EXPECT_EQ(first["online"], false);
  EXPECT_EQ(first["status"], "offline");
  EXPECT_TRUE(first["conversation_id"].is_integer());
  const Json last = reply.json()["items"][2];
  EXPECT_TRUE(last["last_message"].is_null());
  EXPECT_TRUE(last["conversation_id"].is_integer()) << "opened, but nothing was said";
  EXPECT_EQ(ann_.get("/chat/contacts?cursor=nonsense").status, 422);
  EXPECT_EQ(ann_.get("/chat/contacts?limit=1000").status, 422);

  const auto socket = Socket::open(cid);
  EXPECT_TRUE(
      eventually([&] { return ann_.get("/chat/contacts").json()["items"][0]["status"] == "online"; }));
}

}  // namespace
}  // namespace stoa::harness
