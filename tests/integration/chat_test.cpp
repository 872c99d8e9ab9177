// Private messages, as two people with a browser each see them.
#include <gmock/gmock.h>

#include <thread>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class Chat : public ::testing::Test {
 protected:
  static ServerOptions options() {
    ServerOptions options;
    options.plugins = {"auth", "chat"};
    return options;
  }

  TestServer server_{options()};
  Client ann_ = server_.register_user("ann");
  Client bob_ = server_.register_user("bob");

  static std::string base(std::int64_t conversation) {
    return "/chat/conversations/" + std::to_string(conversation);
  }
  static std::string member(std::int64_t conversation, const Client& user) {
    return base(conversation) + "/members/" + std::to_string(user.user_id());
  }
  static std::int64_t open(Client& me, const std::vector<Literal>& others) {
    const Reply reply = me.post("/chat/conversations", object({{"member_ids", array(others)}}));
    EXPECT_THAT(reply.status, ::testing::AnyOf(200, 201)) << reply;
    return reply.json()["id"].integer();
  }
  static std::int64_t say(Client& me, std::int64_t conversation, const std::string& body) {
    const Reply reply = me.post(base(conversation) + "/messages", object({{"body", body}}));
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.json()["id"].integer();
  }
  static int read(Client& me, std::int64_t conversation, std::int64_t message) {
    return me.put(base(conversation) + "/read", object({{"message_id", message}})).status;
  }
  static std::int64_t unread(Client& me) { return me.get("/chat/unread").json()["total"].integer(); }
  static std::vector<std::string> bodies(const Json& list) {
    std::vector<std::string> out;
    for (const Json& item : list["items"].items()) out.push_back(item["body"].text());
    return out;
  }
  static std::vector<std::string> names(const std::vector<Json>& contacts) {
    std::vector<std::string> out;
    for (const Json& contact : contacts) out.push_back(contact["user"]["nickname"].text());
    return out;
  }
};

TEST_F(Chat, TwoPeopleHaveOneConversation) {
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

TEST_F(Chat, TwoAtOnceStillOpenOne) {
  Reply of_ann, of_bob;
  std::thread other([&] {
    of_bob = bob_.post("/chat/conversations", object({{"member_ids", array({ann_.user_id()})}}));
  });
  of_ann = ann_.post("/chat/conversations", object({{"member_ids", array({bob_.user_id()})}}));
  other.join();
  EXPECT_EQ(of_ann.json()["id"], of_bob.json()["id"]);
  EXPECT_EQ(of_ann.status + of_bob.status, 401) << "one 201 and one 200";
}

TEST_F(Chat, OnlyPeopleWhoCanBeWrittenTo) {
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

TEST_F(Chat, SuspendedPeopleAreNotWrittenTo) {
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

TEST_F(Chat, StrangersAndOthersSeeNothing) {
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

TEST_F(Chat, AGroupIsMadeOnce) {
  Client cid = server_.register_user("cid");
  const std::string wanted =
      object({{"member_ids", array({bob_.user_id(), cid.user_id()})}, {"local_id", "group-1"}});
  const Reply made = ann_.post("/chat/conversations", wanted);
  ASSERT_EQ(made.status, 201) << made;
  const Reply again = ann_.post("/chat/conversations", wanted);
  ASSERT_EQ(again.status, 200) << again;
  EXPECT_EQ(again.json()["id"].integer(), made.json()["id"].integer());
}

TEST_F(Chat, GroupsChange) {
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

TEST_F(Chat, GroupsHaveABound) {
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

TEST_F(Chat, ContactsByLastMessageThenByName) {
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

TEST_F(Chat, MessagesArriveLive) {
  const auto of_bob = Socket::open(bob_);
  const std::int64_t id = open(ann_, {bob_.user_id()});
  EXPECT_EQ(of_bob->wait_event("chat.conversation.created")["data"]["id"], id);

  const std::string room = "chat:" + std::to_string(id);
  of_bob->subscribe({room});
  const std::int64_t message = say(ann_, id, "live");
  const Json event = of_bob->wait_event("chat.message.created");
  EXPECT_EQ(event["data"]["id"], message);
  EXPECT_EQ(event["data"]["body"], "live");
  EXPECT_EQ(event["data"]["member_ids"].size(), 2u);
  EXPECT_EQ(event["channels"].size(), 2u) << "once, though bob listens on both" << event;

  ann_.patch("/chat/messages/" + std::to_string(message), R"({"body":"edited"})");
  EXPECT_EQ(of_bob->wait_event("chat.message.updated")["data"]["body"], "edited");
  const auto of_ann = Socket::open(ann_);
  of_ann->subscribe({room});
  EXPECT_EQ(read(bob_, id, message), 204);
  const Json seen = of_ann->wait_event("chat.read");
  EXPECT_EQ(seen["data"]["user_id"], bob_.user_id());
  EXPECT_EQ(seen["data"]["message_id"], message);

  ann_.del("/chat/messages/" + std::to_string(message));
  EXPECT_EQ(of_bob->wait_event("chat.message.deleted")["data"]["id"], message);
  const auto later = Socket::open(bob_);
  later->subscribe({room}, 0);
  for (const char* type : {"chat.message.created", "chat.message.updated"})
    EXPECT_TRUE(later->wait_event(type)["data"].empty()) << type;
}

TEST_F(Chat, TypingReachesTheOthersAlone) {
  const std::int64_t id = open(ann_, {bob_.user_id()});
  const std::string room = "chat:" + std::to_string(id);
  const auto of_ann = Socket::open(ann_), of_bob = Socket::open(bob_);
  of_ann->subscribe({room});
  of_bob->subscribe({room});
  const auto typing = [&](const std::string& state) {
    return object({{"op", "typing"}, {"channel", room}, {"state", state}});
  };
  EXPECT_EQ(of_ann->ask(typing("start"))["op"], "ok");
  const Json seen = of_bob->wait_ephemeral("chat.typing");
  EXPECT_EQ(seen["channel"], room);
  EXPECT_EQ(seen["data"]["user"]["id"], ann_.user_id());
  EXPECT_EQ(seen["data"]["user"]["nickname"], "ann");
  EXPECT_EQ(seen["data"]["state"], "start");
  EXPECT_EQ(of_ann->ask(typing("stop"))["op"], "ok");
  EXPECT_EQ(of_bob->wait_ephemeral("chat.typing")["data"]["state"], "stop");
  for (const Json& message : of_ann->settle()) EXPECT_FALSE(message["op"] == "ephemeral") << message;

  EXPECT_EQ(of_ann->ask(typing("maybe"))["op"], "error");
  EXPECT_EQ(of_ann->ask(object({{"op", "typing"}, {"channel", room}}))["op"], "error");
  EXPECT_EQ(of_ann->ask(object({{"op", "dance"}, {"channel", room}, {"state", "start"}}))["op"], "error");
}

TEST_F(Chat, NobodyElseListens) {
  Client cid = server_.register_user("cid");
  Client eve = server_.register_user("eve");
  const std::int64_t id = open(ann_, {bob_.user_id(), cid.user_id()});
  const std::string room = "chat:" + std::to_string(id);
  const std::string join = R"({"op":"subscribe","channels":[")" + room + "\"]}";
  const auto of_eve = Socket::open(eve);
  const Json refused = of_eve->ask(join);
  EXPECT_EQ(refused["op"], "error");
  EXPECT_EQ(refused["problem"]["status"], 404);
  for (const char* channel : {"chat:0", "chat:x", "chat:", "chat:999999", "chat:01"}) {
    EXPECT_EQ(of_eve->ask(object({{"op", "subscribe"}, {"channels", array({channel})}}))["op"], "error")
        << channel;
  }
  EXPECT_EQ(of_eve->ask(object({{"op", "typing"}, {"channel", room}, {"state", "start"}}))["op"], "error");
  Socket stranger(server_.address());
  EXPECT_EQ(stranger.ask(join)["op"], "error");

  const auto of_cid = Socket::open(cid);
  of_cid->subscribe({room});
  EXPECT_EQ(ann_.del(member(id, cid)).status, 204);
  EXPECT_EQ(of_cid->wait_event("chat.conversation.updated")["data"]["members"].size(), 2u);
  say(ann_, id, "without cid");
  for (const Json& message : of_cid->settle()) {
    EXPECT_FALSE(message["op"] == "event" && message["type"] == "chat.message.created") << message;
  }
  EXPECT_EQ(of_cid->ask(join)["op"], "error");
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
