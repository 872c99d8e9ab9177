#include "backend.hpp"

namespace stoa::core::realtime::testing {
namespace {

using Operations = HubTest;

TEST_F(Operations, PingAnswersWithTheSequence) {
  start();
  Client open = client();
  backend.emit({"nobody"});
  EXPECT_TRUE(eventually([&] {
    open.send(R"({"id":3,"op":"ping"})");
    const Message ok = open.next();
    EXPECT_EQ(ok.op(), "ok");
    EXPECT_EQ(ok.number("id"), 3);
    return ok.seq() == 1;
  }));
  open.send(R"({"op":"ping"})");
  EXPECT_FALSE(open.next().has("id"));
}

TEST_F(Operations, AuthOnceAndOnlyWithoutCookie) {
  backend.tokens["good"] = member(4);
  start();
  Client open = client();
  open.send(R"({"id":1,"op":"auth","token":"bad"})");
  EXPECT_EQ(open.next().problem(), "unauthenticated");
  open.send(R"({"id":2,"op":"auth","token":"good"})");
  const Message ok = open.next();
  EXPECT_EQ(ok.op(), "ok");
  EXPECT_EQ(ok.number("id"), 2);
  EXPECT_EQ((*ok.json)["user"]["id"].GetInt(), 4);
  open.send(R"({"id":3,"op":"auth","token":"good"})");
  EXPECT_EQ(open.next().problem(), "conflict");
  backend.emit({"user:4"});
  EXPECT_EQ(open.next().op(), "event");
  Client by_cookie = client(5);
  by_cookie.send(R"({"id":1,"op":"auth","token":"good"})");
  EXPECT_EQ(by_cookie.next().problem(), "conflict");
}

TEST_F(Operations, AuthCountsTheUsersConnections) {
  options.connections_per_user = 1;
  backend.tokens["good"] = member(4);
  start();
  Client first = client(4);
  Client second = client();
  second.send(R"({"id":1,"op":"auth","token":"good"})");
  EXPECT_EQ(second.next().problem(), "overloaded");
  first.disconnect();
  EXPECT_TRUE(eventually([&] { return hub->stats().connections == 1; }));
  second.send(R"({"id":2,"op":"auth","token":"good"})");
  EXPECT_EQ(second.next().op(), "ok");
}

TEST_F(Operations, SubscribeIsAllOrNothing) {
  backend.set_verdict("chat:1", Verdict::forbidden);
  backend.set_verdict("chat:2", Verdict::not_found);
  backend.set_verdict("chat:3", Verdict::plugin_disabled);
  backend.set_verdict("chat:4", Verdict::unauthenticated);
  start();
  Client open = client(1);
  const std::vector<std::pair<std::string, std::string>> refusals = {{"chat:1", "forbidden"},
                                                                     {"chat:2", "not-found"},
                                                                     {"chat:3", "plugin-disabled"},
                                                                     {"chat:4", "unauthenticated"}};
  for (const auto& [channel, problem] : refusals) {
    open.send(R"({"id":2,"op":"subscribe","channels":["posts",")" + channel + R"("],"since":0})");
    const Message error = open.next();
    EXPECT_EQ(error.op(), "error");
    EXPECT_EQ(error.number("id"), 2);
    EXPECT_EQ(error.problem(), problem);
  }
  backend.emit({"posts"});
  EXPECT_TRUE(open.quiet());
  open.send(R"({"id":3,"op":"subscribe","channels":["posts","category:1"]})");
  EXPECT_EQ(open.next().op(), "ok");
  const auto seq =
      backend.emit({"category:1", "category:2", "posts"}, R"({"title":"x"})", "posts.post.created");
  const Message event = open.next();
  EXPECT_EQ(event.op(), "event");
  EXPECT_EQ(event.seq(), seq);
  EXPECT_EQ(event.channels(), (std::vector<std::string>{"category:1", "posts"}));
  EXPECT_EQ(event.text("type"), "posts.post.created");
  EXPECT_EQ(event.text("time"), "2023-11-14T22:13:20.123Z");
  EXPECT_STREQ((*event.json)["data"]["title"].GetString(), "x");
  EXPECT_FALSE(event.replayed());
  EXPECT_TRUE(open.quiet());
}

TEST_F(Operations, OwnChannelsNeedNoAsking) {
  start();
  Client open = client(6);
  backend.set_verdict("system", Verdict::forbidden);
  backend.set_verdict("user:6", Verdict::forbidden);
  backend.emit({"system"});
  EXPECT_EQ(open.next().channels(), std::vector<std::string>{"system"});
  open.send(R"({"id":1,"op":"subscribe","channels":["user:6","system"]})");
  EXPECT_EQ(open.next().op(), "ok");
  open.send(R"({"id":2,"op":"subscribe","channels":["user:60"]})");
  EXPECT_EQ(open.next().problem(), "forbidden");
  open.send(R"({"id":3,"op":"unsubscribe","channels":["user:6"]})");
  EXPECT_EQ(open.next().op(), "ok");
  backend.emit({"user:6", "user:60"});
  EXPECT_EQ(open.next().channels(), std::vector<std::string>{"user:6"});
  Client nobody = client();
  nobody.send(R"({"id":2,"op":"subscribe","channels":["user:6"]})");
  EXPECT_EQ(nobody.next().problem(), "unauthenticated");
}

TEST_F(Operations, StrangersAreAskedToLogInWhicheverChannelIsClosed) {
  start();
  Client nobody = client();
  backend.set_verdict("closed:1", Verdict::forbidden);
  backend.set_verdict("closed:2", Verdict::unauthenticated);
  for (const char* channel : {"user:6", "closed:1", "closed:2"}) {
    nobody.send(R"({"id":2,"op":"subscribe","channels":[")" + std::string(channel) + R"("]})");
    EXPECT_EQ(nobody.next().problem(), "unauthenticated") << channel;
  }
}

TEST_F(Operations, UnsubscribeEndsDelivery) {
  start();
  Client open = subscriber(std::nullopt, "posts");
  open.send(R"({"id":2,"op":"unsubscribe","channels":["posts","unknown"]})");
  EXPECT_EQ(open.next().number("id"), 2);
  backend.emit({"posts"});
  EXPECT_TRUE(open.quiet());
}

TEST_F(Operations, ChannelsPerConnectionAreBounded) {
  options.channels_per_connection = 4;
  start();
  Client open = client(1);
  open.send(R"({"id":1,"op":"subscribe","channels":["a","b","c"]})");
  EXPECT_EQ(open.next().problem(), "validation");
  open.send(R"({"id":2,"op":"subscribe","channels":["a","b"]})");
  EXPECT_EQ(open.next().op(), "ok");
  open.send(R"({"id":3,"op":"subscribe","channels":["a","b"]})");
  EXPECT_EQ(open.next().op(), "ok");
}

TEST_F(Operations, PluginOperationsNeedTheChannel) {
  start();
  Client open = client(1);
  open.send(R"({"id":1,"op":"typing","channel":"chat:5","state":"start"})");
  EXPECT_EQ(open.next().problem(), "forbidden");
  open.send(R"({"id":2,"op":"subscribe","channels":["chat:5"]})");
  EXPECT_EQ(open.next().op(), "ok");
  open.send(R"({"id":3,"op":"typing","channel":"chat:5","state":"start"})");
  EXPECT_EQ(open.next().number("id"), 3);
  open.send(R"({"op":"typing","channel":"chat:5","state":"stop"})");
  open.send(R"({"id":4,"op":"refused","channel":"chat:5"})");
  const Message error = open.next();
  EXPECT_EQ(error.number("id"), 4);
  EXPECT_EQ(error.problem(), "conflict");
  const auto operations = backend.operations();
  ASSERT_EQ(operations.size(), 3U);
  EXPECT_EQ(operations[0].op, "typing");
  EXPECT_EQ(operations[0].channel, "chat:5");
  EXPECT_EQ(operations[0].member->user_id, 1);
  EXPECT_EQ(operations[1].message, R"({"op":"typing","channel":"chat:5","state":"stop"})");
}

TEST_F(Operations, UnknownOnesAndWrongFieldsAreErrors) {
  start();
  Client open = client(1);
  for (const char* text :
       {R"({"id":1,"op":"dance"})", R"({"id":1,"op":"subscribe"})", R"({"id":1,"op":"auth"})",
        R"({"id":1,"op":"idle"})", R"({"id":1,"op":"subscribe","channels":["a"],"since":"x"})"}) {
    open.send(text);
    const Message error = open.next();
    EXPECT_EQ(error.problem(), "malformed") << text;
    EXPECT_EQ(error.number("id"), 1);
  }
  open.send(R"({"id":"x","op":"ping"})");
  EXPECT_FALSE(open.next().has("id"));
}

TEST_F(Operations, MessagesAreTakenInOrder) {
  start();
  Client open = client(1);
  backend.hold(FakeBackend::kAuthorize);
  std::string burst = text_frame(R"({"id":0,"op":"subscribe","channels":["chat:1"]})");
  for (int i = 1; i <= 200; ++i) burst += text_frame(R"({"op":"ping","id":)" + std::to_string(i) + "}");
  open.send_bytes(burst);
  backend.await_held(FakeBackend::kAuthorize, 1);
  backend.release(FakeBackend::kAuthorize);
  for (int i = 0; i <= 200; ++i) EXPECT_EQ(open.next().number("id"), i);
}

TEST_F(Operations, EphemeralIsNotEchoed) {
  start();
  Client sender(*hub, member(1));
  const std::string id = sender.next().text("connection");
  sender.send(R"({"id":1,"op":"subscribe","channels":["chat:5"]})");
  EXPECT_EQ(sender.next().op(), "ok");
  Client other = subscriber(member(2), "chat:5");
  hub->ephemeral("chat:5", "chat.typing", R"({"state":"start"})", id);
  const Message message = other.next();
  EXPECT_EQ(message.op(), "ephemeral");
  EXPECT_EQ(message.text("channel"), "chat:5");
  EXPECT_EQ(message.text("type"), "chat.typing");
  EXPECT_STREQ((*message.json)["data"]["state"].GetString(), "start");
  EXPECT_TRUE(sender.quiet());
  hub->ephemeral("chat:5", "chat.typing", "{}", "");
  EXPECT_EQ(sender.next().op(), "ephemeral");
}

TEST_F(Operations, WhatWaitsIsJoined) {
  start();
  Client open = subscriber(std::nullopt, "posts");
  const int frames = open.frames();
  std::vector<EventPtr> events;
  for (int i = 0; i < 100; ++i) {
    events.push_back(std::make_shared<const Event>(Event{.seq = static_cast<std::uint64_t>(i) + 1,
                                                         .time_ms = 0,
                                                         .owner = {},
                                                         .type = "t",
                                                         .subject = {},
                                                         .channels = {"posts"},
                                                         .data = "{}"}));
  }
  hub->publish(events);
  for (std::uint64_t i = 1; i <= 100; ++i) EXPECT_EQ(open.next().seq(), i);
  EXPECT_EQ(open.frames(), frames + 1);
}

}  // namespace
}  // namespace stoa::core::realtime::testing
