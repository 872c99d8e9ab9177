// A server with all plugins and two people, what they do, and what they are told of it.
#pragma once

#include <gmock/gmock.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/harness.hpp"

namespace stoa::harness {

class NotificationFixture : public ::testing::Test {
 protected:
  static ServerOptions options() {
    ServerOptions options;
    options.plugins = {"auth", "posts", "chat", "notification"};
    return options;
  }

  TestServer server_{options()};
  Client ann_ = server_.register_user("ann");
  Client bob_ = server_.register_user("bob");

  std::int64_t category_ = ann_.get("/categories").json()["items"][0]["id"].integer();

  std::int64_t write_post(Client& who, const std::string& body = "A body.") {
    const Reply reply = who.post(
        "/posts", object({{"title", "Hello there"}, {"body", body}, {"category_ids", array({category_})}}));
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.json()["id"].integer();
  }
  static std::int64_t comment(Client& who, std::int64_t post, const std::string& body,
                              std::optional<std::int64_t> parent = {}) {
    const std::string json =
        parent ? object({{"body", body}, {"parent_id", *parent}}) : object({{"body", body}});
    const Reply reply = who.post("/posts/" + std::to_string(post) + "/comments", json);
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.json()["id"].integer();
  }
  static void vote(Client& who, const std::string& what, std::int64_t id, int value) {
    const Reply reply = who.put("/" + what + "/" + std::to_string(id) + "/vote", object({{"value", value}}));
    EXPECT_EQ(reply.status, 200) << reply;
  }
  static std::int64_t talk(Client& me, Client& other) {
    return me.post("/chat/conversations", object({{"member_ids", array({other.user_id()})}}))
        .json()["id"]
        .integer();
  }
  static std::int64_t say(Client& me, std::int64_t conversation, const std::string& body) {
    const Reply reply = me.post("/chat/conversations/" + std::to_string(conversation) + "/messages",
                                object({{"body", body}}));
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.json()["id"].integer();
  }

  static std::vector<Json> all(Client& who) { return walk(who, "/notifications"); }
  static std::int64_t unread(Client& who) {
    return who.get("/notifications/unread").json()["count"].integer();
  }
  // "comment 17", newest first.
  static std::vector<std::string> seen(Client& who) {
    std::vector<std::string> out;
    for (const Json& item : all(who))
      out.push_back(item["type"].text() + " " + std::to_string(item["subject"]["id"].integer()));
    return out;
  }
  // Waits for the events that come before: what was told is there soon.
  static ::testing::AssertionResult sees(Client& who, const std::vector<std::string>& wanted) {
    if (eventually([&] { return seen(who) == wanted; })) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << ::testing::PrintToString(seen(who));
  }
  static ::testing::AssertionResult has_unread(Client& who, std::int64_t wanted) {
    if (eventually([&] { return unread(who) == wanted; })) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << unread(who);
  }
  static std::string named(const std::string& type, std::int64_t id) {
    return type + " " + std::to_string(id);
  }
  static std::vector<std::string> actors(const Json& item) {
    std::vector<std::string> out;
    for (const Json& actor : item["actors"].items()) out.push_back(actor["nickname"].text());
    return out;
  }
};

}  // namespace stoa::harness
