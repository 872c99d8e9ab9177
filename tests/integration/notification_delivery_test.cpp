// Once, live, and never twice, whatever happens to the server.
#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "notification_fixture.hpp"

namespace stoa::harness {
namespace {

using NotificationDelivery = NotificationFixture;

TEST_F(NotificationDelivery, ArriveLiveToTheirOwnerAlone) {
  const auto of_ann = Socket::open(ann_), of_bob = Socket::open(bob_);
  const std::int64_t post = write_post(ann_);
  const std::int64_t said = comment(bob_, post, "Hello");
  const Json event = of_ann->wait_event("notification.created");
  EXPECT_EQ(event["data"]["type"], "comment");
  EXPECT_EQ(event["data"]["subject"]["id"], said);
  EXPECT_EQ(event["data"]["unread"], 1);
  EXPECT_EQ(event["channels"][0].text(), "user:" + std::to_string(ann_.user_id()));

  const std::int64_t id = talk(bob_, ann_);
  say(bob_, id, "one");
  EXPECT_EQ(of_ann->wait_event("notification.created")["data"]["type"], "message");
  say(bob_, id, "two");
  const Json more = of_ann->wait_event("notification.updated");
  EXPECT_EQ(more["data"]["count"], 2);
  EXPECT_EQ(more["data"]["unread"], 2);
  EXPECT_EQ(ann_.put("/notifications/read", R"({"all":true})").status, 204);
  const Json read = of_ann->wait_event("notification.read");
  EXPECT_EQ(read["data"]["all"], true);
  EXPECT_EQ(read["data"]["unread"], 0);
  EXPECT_EQ(bob_.del("/comments/" + std::to_string(said)).status, 204);
  const Json gone = of_ann->wait_event("notification.read");
  EXPECT_EQ(gone["data"]["ids"].size(), 1u);
  EXPECT_EQ(gone["data"]["deleted"], true);
  for (const Json& message : of_bob->settle()) {
    const bool is_event = message["op"] == "event";
    EXPECT_FALSE(is_event && message["type"].text().starts_with("notification.")) << message;
  }
}

TEST_F(NotificationDelivery, OnlyTheNewestAreKept) {
  server_.stop();
  server_.options().environment["STOA__PLUGIN__NOTIFICATION__KEPT_PER_USER"] = "10";
  server_.start();
  ann_.disconnect();
  bob_.disconnect();
  const std::int64_t post = write_post(ann_);
  std::int64_t last = 0;
  for (int i = 0; i < 15; ++i) last = comment(bob_, post, std::to_string(i));
  EXPECT_TRUE(eventually([&] { return !all(ann_).empty() && all(ann_)[0]["subject"]["id"] == last; }));
  EXPECT_EQ(all(ann_).size(), 10u);
  EXPECT_EQ(unread(ann_), 10);
}

TEST_F(NotificationDelivery, WhatHappenedWhileOffIsCaughtUp) {
  const std::int64_t post = write_post(ann_);
  server_.stop();
  server_.options().plugins = {"auth", "posts", "chat"};
  server_.start();
  ann_.disconnect();
  bob_.disconnect();
  EXPECT_EQ(ann_.get("/notifications").problem(), "plugin-disabled");
  const std::int64_t kept = comment(bob_, post, "Kept");
  const std::int64_t gone = comment(bob_, post, "Gone");
  EXPECT_EQ(bob_.del("/comments/" + std::to_string(gone)).status, 204);
  const std::int64_t id = talk(bob_, ann_);
  const std::int64_t withdrawn = say(bob_, id, "withdrawn");
  say(bob_, id, "stays");
  EXPECT_EQ(bob_.del("/chat/messages/" + std::to_string(withdrawn)).status, 204);
  server_.stop();
  server_.options().plugins = options().plugins;
  server_.start();
  ann_.disconnect();
  EXPECT_TRUE(sees(ann_, {named("message", id), named("comment", kept)}));
  EXPECT_EQ(all(ann_)[0]["count"], 1);
}

TEST_F(NotificationDelivery, WorkWithoutPostsAndChat) {
  server_.stop();
  server_.options().plugins = {"auth", "notification"};
  server_.start();
  ann_.disconnect();
  EXPECT_TRUE(all(ann_).empty());
  EXPECT_EQ(unread(ann_), 0);
}

TEST_F(NotificationDelivery, NoneIsLostOrDoubledWhenTheServerIsKilled) {
  server_.stop();
  server_.options().environment["STOA__PLUGIN__NOTIFICATION__KEPT_PER_USER"] = "100000";
  server_.start();
  ann_.disconnect();
  bob_.disconnect();
  const std::int64_t post = write_post(ann_);
  std::set<std::int64_t> acknowledged;
  std::int64_t number = 0;
  for (int round = 0; round < 3; ++round) {
    std::atomic<bool> killed{false};
    std::thread executioner([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300 + 250 * round));
      server_.kill();
      killed = true;
    });
    while (!killed) {
      try {
        const Reply reply = bob_.post("/posts/" + std::to_string(post) + "/comments",
                                      object({{"body", "comment " + std::to_string(++number)}}));
        if (reply.status == 201) acknowledged.insert(reply.json()["id"].integer());
      } catch (const std::runtime_error&) {
        bob_.disconnect();
      }
    }
    executioner.join();
    server_.start();
    bob_.disconnect();
    ann_.disconnect();
  }
  ASSERT_FALSE(acknowledged.empty());
  const std::int64_t last = comment(bob_, post, "the last one");
  EXPECT_TRUE(eventually([&] { return !all(ann_).empty() && all(ann_)[0]["subject"]["id"] == last; }));

  // A comment may have been stored though its answer got lost; a notification exists for exactly those
  // stored.
  std::multiset<std::int64_t> stored, told;
  for (const Json& item : walk(ann_, "/posts/" + std::to_string(post) + "/comments"))
    stored.insert(item["id"].integer());
  for (const Json& item : all(ann_)) told.insert(item["subject"]["id"].integer());
  EXPECT_EQ(told, stored);
  for (std::int64_t id : acknowledged) EXPECT_EQ(told.count(id), 1u) << id;
  EXPECT_EQ(unread(ann_), static_cast<std::int64_t>(stored.size()));
}

}  // namespace
}  // namespace stoa::harness
