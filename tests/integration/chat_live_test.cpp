// What reaches the sockets of those who talk, and of nobody else.
#include "chat_fixture.hpp"

namespace stoa::harness {
namespace {

using ChatLive = ChatFixture;

TEST_F(ChatLive, MessagesArriveLive) {
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

TEST_F(ChatLive, TypingReachesTheOthersAlone) {
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

TEST_F(ChatLive, NobodyElseListens) {
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

}  // namespace
}  // namespace stoa::harness
