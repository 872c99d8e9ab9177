#include "backend.hpp"

namespace stoa::core::realtime::testing {
namespace {

class PresenceOfUsers : public HubTest {
 protected:
  PresenceOfUsers() {
    options.presence_grace = std::chrono::milliseconds(30);
    options.presence_tick = std::chrono::milliseconds(20);
  }
  bool becomes(std::int64_t user_id, Presence presence) {
    return eventually([&] { return hub->presence(user_id) == presence; });
  }
};

TEST_F(PresenceOfUsers, ComesAndGoes) {
  start();
  EXPECT_EQ(hub->presence(1), Presence::offline);
  Client one = client(1);
  EXPECT_EQ(hub->presence(1), Presence::online);
  Client two = client(1);
  one.send(R"({"id":1,"op":"idle","state":true})");
  EXPECT_EQ(one.next().op(), "ok");
  EXPECT_EQ(hub->presence(1), Presence::online);
  two.send(R"({"op":"idle","state":true})");
  EXPECT_TRUE(becomes(1, Presence::away));
  one.send(R"({"op":"idle","state":false})");
  EXPECT_TRUE(becomes(1, Presence::online));
  one.disconnect();
  EXPECT_TRUE(becomes(1, Presence::away));
  two.disconnect();
  EXPECT_TRUE(becomes(1, Presence::offline));
  const std::vector<std::pair<std::int64_t, Presence>> expected = {{1, Presence::online},
                                                                   {1, Presence::away},
                                                                   {1, Presence::online},
                                                                   {1, Presence::away},
                                                                   {1, Presence::offline}};
  EXPECT_TRUE(eventually([&] { return backend.presence_log() == expected; }));
}

TEST_F(PresenceOfUsers, ReturningWithinTheGraceIsNoChange) {
  options.presence_grace = std::chrono::seconds(30);
  start();
  Client one = client(1);
  one.disconnect();
  EXPECT_TRUE(eventually([&] { return hub->stats().connections == 0; }));
  EXPECT_EQ(hub->presence(1), Presence::online);
  one = client(1);
  EXPECT_TRUE(one.quiet());
  EXPECT_EQ(backend.presence_log().size(), 1U);
}

TEST_F(PresenceOfUsers, EveryGraceEnds) {
  start();
  for (std::int64_t user = 1; user <= 5; ++user) {
    client(user).disconnect();
    std::this_thread::sleep_for(std::chrono::milliseconds(7));
  }
  for (std::int64_t user = 1; user <= 5; ++user) EXPECT_TRUE(becomes(user, Presence::offline));
}

TEST_F(PresenceOfUsers, DifferencesAreToldTogether) {
  options.presence_tick = std::chrono::milliseconds(200);
  start();
  Client watcher = subscriber(std::nullopt, "presence");
  Client one = client(1);
  Client two = client(2);
  std::map<std::int64_t, std::string> seen;
  while (seen.size() < 2 || seen[1] != "away") {
    if (seen.size() == 2 && seen[1] == "online") one.send(R"({"op":"idle","state":true})");
    const Message message = watcher.next();
    EXPECT_EQ(message.op(), "ephemeral");
    EXPECT_EQ(message.text("channel"), "presence");
    EXPECT_EQ(message.text("type"), "presence.changed");
    for (const auto& change : (*message.json)["data"]["changes"].GetArray()) {
      seen[change["user_id"].GetInt64()] = change["status"].GetString();
    }
  }
  EXPECT_EQ(seen[2], "online");
  two.disconnect();
  while (seen[2] != "offline") {
    const Message message = watcher.next();
    for (const auto& change : (*message.json)["data"]["changes"].GetArray()) {
      seen[change["user_id"].GetInt64()] = change["status"].GetString();
    }
  }
}

TEST_F(PresenceOfUsers, IdleBeforeAuthCounts) {
  backend.tokens["good"] = member(3);
  start();
  Client open = client();
  open.send(R"({"id":1,"op":"idle","state":true})");
  open.send(R"({"id":2,"op":"auth","token":"good"})");
  EXPECT_EQ(open.next().op(), "ok");
  EXPECT_EQ(open.next().op(), "ok");
  EXPECT_EQ(hub->presence(3), Presence::away);
  open.disconnect();
  EXPECT_TRUE(becomes(3, Presence::offline));
}

}  // namespace
}  // namespace stoa::core::realtime::testing
