// A forum with a moderating administrator and two members, and the words tests on posts are written in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/harness.hpp"

namespace stoa::harness {

class PostsFixture : public ::testing::Test {
 protected:
  static ServerOptions options() {
    ServerOptions options;
    options.plugins = {"auth", "posts"};
    return options;
  }

  TestServer server_{options()};
  Client boss_ = server_.create_admin();
  Client ann_ = server_.register_user("ann");
  Client bob_ = server_.register_user("bob");
  Client stranger_ = server_.client();
  // Of the example categories.
  std::int64_t general_ = 1;
  std::int64_t ideas_ = 3;

  static std::string post_path(std::int64_t id) { return "/posts/" + std::to_string(id); }
  static std::string comments_path(std::int64_t id) { return post_path(id) + "/comments"; }
  static std::string comment_path(std::int64_t id) { return "/comments/" + std::to_string(id); }

  std::string draft(const std::string& title = "Hello there", const std::string& body = "A body.") const {
    return object({{"title", title}, {"body", body}, {"category_ids", array({general_})}});
  }
  Json write_post(Client& who, const std::string& title = "Hello there",
                  const std::string& body = "A body.") const {
    const Reply reply = who.post("/posts", draft(title, body));
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.json();
  }
  std::int64_t post_id(Client& who, const std::string& title = "Hello there",
                       const std::string& body = "A body.") const {
    return write_post(who, title, body)["id"].integer();
  }
  static Json write_comment(Client& who, std::int64_t post, const std::string& body = "A comment.",
                            std::optional<std::int64_t> parent = {}) {
    const Reply reply =
        who.post(comments_path(post),
                 parent ? object({{"body", body}, {"parent_id", *parent}}) : object({{"body", body}}));
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.json();
  }
  static std::int64_t comment_id(Client& who, std::int64_t post, const std::string& body = "A comment.",
                                 std::optional<std::int64_t> parent = {}) {
    return write_comment(who, post, body, parent)["id"].integer();
  }
  static Reply vote(Client& who, const std::string& path, int value) {
    return who.put(path + "/vote", object({{"value", value}}));
  }
  static Reply edit_post(Client& who, std::int64_t id, std::string changes) {
    const std::int64_t revision = who.get(post_path(id)).json()["revision"].integer();
    changes.insert(1, "\"revision\":" + std::to_string(revision) + (changes == "{}" ? "" : ","));
    return who.patch(post_path(id), changes);
  }

  static std::vector<std::int64_t> ids(const std::vector<Json>& items) {
    std::vector<std::int64_t> out;
    for (const Json& item : items) out.push_back(item["id"].integer());
    return out;
  }
  static std::vector<std::int64_t> ids(const Reply& list) { return ids(list.json()["items"].items()); }

  // A problem of that kind, and nothing internal in it.
  static ::testing::AssertionResult is_problem(const Reply& reply, int status, const std::string& type) {
    if (reply.status == status && reply.problem() == type) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << reply;
  }
  static ::testing::AssertionResult is_invalid(const Reply& reply, const std::string& pointer) {
    const auto found = reply.pointers();
    const bool named = std::find(found.begin(), found.end(), pointer) != found.end();
    if (reply.status == 422 && reply.problem() == "validation" && named) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << reply;
  }
};

}  // namespace stoa::harness
