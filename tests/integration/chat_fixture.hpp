// A server with chat and two people who may talk, and what they say to it.
#pragma once

#include <gmock/gmock.h>

#include <cstdint>
#include <string>
#include <vector>

#include "harness/harness.hpp"

namespace stoa::harness {

class ChatFixture : public ::testing::Test {
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

}  // namespace stoa::harness
