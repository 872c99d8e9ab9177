// Whatever comes in, over every route of the served document: the answer is the right problem, whole, and
// never a 5xx.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/harness.hpp"
#include "harness/openapi.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Lt;
using ::testing::Not;

class BadInput : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new TestServer();
    boss_ = new Client(server_->create_admin());
    const std::int64_t bob = server_->register_user("bob").user_id();
    server_->register_user("cid");
    const auto made = [](const Reply& reply) {
      if (reply.status != 201) throw std::runtime_error("the seed gave " + reply.body);
      return std::to_string(reply.json()["id"].integer());
    };
    const std::int64_t category = boss_->get("/categories").json()["items"][0]["id"].integer();
    ids_["categories"] = std::to_string(category);
    ids_["posts"] = made(boss_->post(
        "/posts",
        object({{"title", "Something to read"}, {"body", "…"}, {"category_ids", array({category})}})));
    ids_["comments"] = made(boss_->post("/posts/" + ids_["posts"] + "/comments", object({{"body", "…"}})));
    ids_["conversations"] =
        made(boss_->post("/chat/conversations", object({{"member_ids", array({bob, 3})}, {"title", "We"}})));
    ids_["messages"] = made(
        boss_->post("/chat/conversations/" + ids_["conversations"] + "/messages", object({{"body", "…"}})));
    ids_["subscriptions"] = ids_["posts"];
    ids_["members"] = ids_["users"] = std::to_string(bob);
    ids_["plugins"] = "auth";
    operations_ = operations(*boss_);
    ASSERT_GT(operations_.size(), 50u);
  }
  static void TearDownTestSuite() {
    delete boss_;
    delete server_;
  }
  // Whoever broke it is named by the test that comes next.
  void TearDown() override { EXPECT_EQ(boss_->get("//healthz").status, 200); }

  // Of something that exists: the id of what stands before it in the path.
  static std::string good_path(const Operation& operation) {
    return operation.path([&](const std::string& name) -> std::string {
      if (name == "nickname") return "bob";
      const std::size_t brace = operation.pattern.find("{" + name + "}");
      const std::size_t slash = operation.pattern.rfind('/', brace - 2);
      const auto id = ids_.find(operation.pattern.substr(slash + 1, brace - slash - 2));
      return id == ids_.end() ? "1" : id->second;
    });
  }

  static void expect_problem(const Reply& reply, int status, const std::string& type,
                             const std::string& where) {
    EXPECT_EQ(reply.status, status) << where << ": " << reply;
    if (reply.status < 400) return;
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json") << where;
    EXPECT_EQ(reply.problem(), type) << where;
    const Json problem = reply.json();
    EXPECT_FALSE(problem["title"].text().empty()) << where;
    EXPECT_EQ(problem["status"], reply.status) << where;
    EXPECT_FALSE(problem["detail"].text().empty()) << where << ": " << reply;
    EXPECT_EQ(problem["request_id"], reply.header("X-Request-Id")) << where;
    EXPECT_NE(reply.header("X-Request-Id"), "") << where;
    EXPECT_THAT(reply.header("Server-Timing"), HasSubstr("total;dur=")) << where;
    if (type != "validation") return;
    EXPECT_FALSE(problem["errors"].empty()) << where << ": " << reply;
    for (const Json& error : problem["errors"].items()) {
      EXPECT_TRUE(error["pointer"].is_string()) << where;
      EXPECT_FALSE(error["code"].text().empty()) << where;
      EXPECT_FALSE(error["detail"].text().empty()) << where;
    }
  }

  static Reply send(const Operation& operation, const std::string& body, const Headers& headers = {}) {
    return boss_->send(operation.method, good_path(operation), body, headers);
  }
  // But for the setup, which is not there any more.
  static std::vector<Operation> with_body() {
    std::vector<Operation> out;
    std::copy_if(operations_.begin(), operations_.end(), std::back_inserter(out),
                 [](const auto& o) { return o.has_body && !o.pattern.ends_with("/setup"); });
    return out;
  }
  static std::string said(const std::string& body) {
    return body.size() > 80 ? body.substr(0, 80) + "…" : body;
  }

  static TestServer* server_;
  static Client* boss_;
  static std::map<std::string, std::string> ids_;
  static std::vector<Operation> operations_;
};
TestServer* BadInput::server_ = nullptr;
Client* BadInput::boss_ = nullptr;
std::map<std::string, std::string> BadInput::ids_;
std::vector<Operation> BadInput::operations_;

// ---- Bodies

TEST_F(BadInput, WhatIsNoJsonIsMalformed) {
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += R"({"a":)";
  objects += "1" + std::string(10'000, '}');
  const std::vector<std::string> bodies = {"{",
                                           "}",
                                           "nul",
                                           "{\"a\":1,}",
                                           "{'a':1}",
                                           "{} {}",
                                           "[1",
                                           "\"",
                                           "NaN",
                                           "\xef\xbb\xbf{}",
                                           std::string("{}\0", 3),
                                           "{\"a\":\"\xff\"}",
                                           "{\"a\":\"\xc0\xaf\"}",
                                           "{\"a\":\"\xed\xa0\x80\"}",
                                           "\xff\xfe{\0}\0",
                                           "{\"\x80\":1}",
                                           R"({"a":1,"a":1})",
                                           R"({"a":{"b":1,"b":2}})",
                                           "{\"a\":\"\n\"}",
                                           deep,
                                           objects,
                                           std::string(10'000, '[')};
  for (const Operation& operation : with_body()) {
    for (const std::string& body : bodies) {
      expect_problem(send(operation, body), 400, "malformed", operation.name() + " " + said(body));
    }
    if (operation.needs_body) {
      const Reply reply = send(operation, "", {{"Content-Type", "application/json"}});
      expect_problem(reply, 400, "malformed", operation.name() + " with an empty body");
    }
  }
}

TEST_F(BadInput, WhatIsNoObjectIsRefused) {
  for (const Operation& operation : with_body()) {
    for (const char* body : {"[]", "null", "1", "\"text\"", "true", "[{}]"}) {
      expect_problem(send(operation, body), 422, "validation", operation.name() + " " + body);
    }
  }
}

TEST_F(BadInput, UnknownFieldsAreNamed) {
  for (const Operation& operation : with_body()) {
    const Reply reply = send(operation, R"({"surprising~field/":1})");
    expect_problem(reply, 422, "validation", operation.name());
    if (reply.status == 422) {
      EXPECT_THAT(reply.pointers(), Contains("/surprising~0field~1")) << operation.name();
    }
  }
}

TEST_F(BadInput, WrongTypesAreNamed) {
  const auto wrong = [](const std::string& type) -> std::vector<std::string> {
    if (type == "string") return {"7", "{}", "[]", "true"};
    if (type == "integer")
      return {"\"x\"", "{}", "1.5", "1e400", "99999999999999999999", "-99999999999999999999", "true"};
    if (type == "boolean") return {"\"true\"", "1", "{}"};
    if (type == "array") return {"\"x\"", "7", "{}", "[[]]", "[null]"};
    if (type == "object") return {"\"x\"", "7", "[]"};
    return {"[[]]"};
  };
  for (const Operation& operation : with_body()) {
    // Settings have the types of each plugin's own schema.
    const bool own_schema = operation.pattern.ends_with("/settings");
    EXPECT_EQ(operation.types.empty(), own_schema) << operation.name();
    for (const auto& [field, type] : operation.types) {
      for (const std::string& value : wrong(type)) {
        const std::string body = "{\"" + field + "\":" + value + "}";
        const Reply reply = send(operation, body);
        // A number too large for anything may also be no JSON number to the reader.
        if (reply.status == 400 && value == "1e400") continue;
        expect_problem(reply, 422, "validation", operation.name() + " " + body);
        if (reply.status != 422) continue;
        const auto pointers = reply.pointers();
        EXPECT_TRUE(std::any_of(pointers.begin(), pointers.end(),
                                [&, name = "/" + field](const auto& p) { return p.rfind(name, 0) == 0; }))
            << operation.name() << ' ' << body << ' ' << reply;
      }
    }
  }
}

TEST_F(BadInput, OtherContentTypesAreRefused) {
  for (const Operation& operation : with_body()) {
    for (const char* type :
         {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
          "application/jsonx", "application/json-patch+json", "json", ",", ""}) {
      const Reply reply = send(operation, "{}", {{"Content-Type", type}});
      expect_problem(reply, 415, "unsupported-media-type", operation.name() + " " + type);
    }
    const Reply fine = send(operation, "[]", {{"Content-Type", "Application/JSON ; charset=utf-8"}});
    EXPECT_EQ(fine.status, 422) << operation.name() << fine;
  }
}

TEST_F(BadInput, OversizedBodiesAreRefused) {
  const std::string body = "{\"body\":\"" + std::string(600'000, 'x') + "\"}";
  for (const Operation& operation : with_body()) {
    try {
      expect_problem(send(operation, body), 413, "payload-too-large", operation.name());
    } catch (const std::exception& e) {
      ADD_FAILURE() << operation.name() << ": " << e.what();
    }
  }
}

// ---- Addresses

TEST_F(BadInput, IdsThatAreNoneAreNotFound) {
  int seen = 0;
  for (const Operation& operation : operations_) {
    for (const std::string& parameter : operation.integers) {
      for (const char* id : {"0", "-1", "abc", "9007199254740992", "99999999999999999999", "1.5", "+1", "%00",
                             "1%20", "0x1", "%2e%2e", "\xc3\xa9", "1e3", "1;drop"}) {
        const std::string path =
            operation.path([&](const std::string& name) { return name == parameter ? id : "1"; });
        const std::optional<std::string_view> body =
            operation.has_body ? std::optional<std::string_view>("{}") : std::nullopt;
        const Reply reply = boss_->send(operation.method, path, body, {});
        if (std::string_view(id) == "\xc3\xa9" || std::string_view(id) == "%00") {
          EXPECT_THAT(reply.status, AnyOf(400, 404)) << operation.name() << ' ' << id;
          continue;
        }
        expect_problem(reply, 404, "not-found", operation.method + " " + path);
        ++seen;
      }
      const std::string last = operation.path([&](const std::string&) { return "9007199254740991"; });
      EXPECT_THAT(boss_
                      ->send(operation.method, last,
                             operation.has_body ? std::optional<std::string_view>("{}") : std::nullopt, {})
                      .status,
                  AnyOf(404, 422))
          << operation.name();
    }
  }
  EXPECT_GT(seen, 200);
}

TEST_F(BadInput, ListsRefuseWrongPlaces) {
  int lists = 0;
  for (const Operation& operation : operations_) {
    if (!operation.is_list) continue;
    ++lists;
    const std::string path = good_path(operation);
    const std::string glue = operation.pattern == "/api/v1/search" ? "?q=something&" : "?";
    for (const char* limit : {"0", "101", "x", "-1", "1.5", "99999999999999999999", "1%20"}) {
      expect_problem(boss_->get(path + glue + "limit=" + limit), 422, "validation", path + " limit " + limit);
    }
    for (const char* cursor : {"garbage", "0", "-1", "e30", "W10", "bnVsbA", "AAAAAAAAAAAAAAAAAAAA"}) {
      expect_problem(boss_->get(path + glue + "cursor=" + cursor), 422, "validation",
                     path + " cursor " + cursor);
    }
    for (const std::string name : {"limit", "cursor"}) {
      for (const char* value : {"%00", "1%00", "%ff", "%zz", "%c3", "%"}) {
        const Reply reply = boss_->get(path + glue + name + "=" + value);
        expect_problem(reply, 422, "validation", path + " " + name + " " + value);
        EXPECT_THAT(reply.body, HasSubstr("\"?" + name + "\"")) << path;
      }
    }
    EXPECT_EQ(boss_->get(path + glue + "limit=100").status, 200) << path;
    EXPECT_EQ(boss_->get(path + glue + "unknown=1&&=&%zz=%zz").status, 200) << path;
  }
  EXPECT_GE(lists, 9);
}

TEST_F(BadInput, ParametersThatCannotBeDecodedAreNamed) {
  for (const std::string path : {"/search?q", "/users?q", "/posts?category", "/posts?sort", "/posts?author",
                                 "/posts/state?ids", "/notifications?unread"}) {
    const std::string name = path.substr(path.find('?'));
    for (const char* value : {"%zz", "%00", "a%00b", "%ff"}) {
      const Reply reply = boss_->get(path + "=" + value);
      expect_problem(reply, 422, "validation", path + " " + value);
      EXPECT_THAT(reply.pointers(), Contains(name)) << path;
    }
  }
  // What a stranger may not ask comes first, and what nobody asks for does not matter.
  expect_problem(server_->client().get("/notifications?limit=%ff"), 401, "unauthenticated", "a stranger");
  EXPECT_EQ(boss_->get("/posts?utm=%ff").status, 200);
  EXPECT_EQ(boss_->get("//?cursor=%ff").status, 200) << "a page shows its first part";
}

// ---- Who asks

TEST_F(BadInput, ABadBearerIsRefusedAndABadCookieIsNobody) {
  Client stranger = server_->client();
  for (const Operation& operation : operations_) {
    if (operation.method != "GET" || !operation.is_public || operation.pattern == "/api/v1/realtime")
      continue;
    const std::string path = good_path(operation);
    for (const char* token :
         {"Bearer garbage", "Bearer ", "Bearer", "bearer a.b.c", "Basic Ym9zczpib3Nz", "x"}) {
      expect_problem(stranger.get(path, {{"Authorization", token}}), 401, "unauthenticated",
                     path + " " + token);
    }
    const int usual = stranger.get(path).status;
    for (const char* cookie : {"stoa_access=garbage", "stoa_access=", "stoa_access", "=", ";;;",
                               "stoa_access=a.b.c; stoa_access=d"}) {
      EXPECT_EQ(stranger.get(path, {{"Cookie", cookie}}).status, usual) << path << ' ' << cookie;
    }
  }
  for (const Operation& operation : operations_) {
    if (operation.is_public) continue;
    const Reply reply = stranger.send(operation.method, good_path(operation), std::nullopt,
                                      {{"Cookie", "stoa_access=garbage"}});
    expect_problem(reply, 401, "unauthenticated", operation.name());
  }
}

TEST_F(BadInput, OtherMethodsAreNotAllowed) {
  for (const Operation& operation : operations_) {
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "GET"}) {
      const bool known = std::any_of(operations_.begin(), operations_.end(), [&](const Operation& other) {
        return other.method == method && other.pattern == operation.pattern;
      });
      // A fixed segment may stand where another route has a parameter; the same address may be a page's.
      if (known || operation.pattern == "/api/v1/users/me") continue;
      if (std::string_view(method) == "GET" && operation.pattern.rfind("/api/", 0) != 0) continue;
      const Reply reply = boss_->send(method, good_path(operation), std::nullopt, {});
      expect_problem(reply, 405, "method-not-allowed", method + (" " + operation.pattern));
      EXPECT_THAT(reply.header("Allow"), HasSubstr(operation.method)) << operation.pattern;
    }
  }
}

// ---- JSONTestSuite

TEST_F(BadInput, JsonIsReadAsItIsDefined) {
  const char* corpora = std::getenv("STOA_CORPORA");
  if (!corpora) GTEST_SKIP() << "STOA_CORPORA is unset: it names the directory that holds jsontestsuite";
  // Valid by the letter; here a name stands once in an object.
  const std::vector<std::string> stricter = {"y_object_duplicated_key.json",
                                             "y_object_duplicated_key_and_value.json"};
  int read = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(corpora) / "jsontestsuite/test_parsing")) {
    const std::string name = entry.path().filename().string();
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string body((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const Reply reply = boss_->post("/posts/preview", body, {{"Content-Type", "application/json"}});
    EXPECT_THAT(reply.status, Lt(500)) << name;
    const bool is_json = name.rfind("y_", 0) == 0 && std::count(stricter.begin(), stricter.end(), name) == 0;
    if (is_json) {
      EXPECT_NE(reply.status, 400) << name << ' ' << reply;
    }
    if (!is_json && name.rfind("i_", 0) != 0) {
      EXPECT_EQ(reply.status, 400) << name << ' ' << reply;
    }
    ++read;
  }
  EXPECT_GT(read, 300);
}

TEST_F(BadInput, NothingOfItWasAnErrorOfTheServer) {
  EXPECT_THAT(server_->log(), Not(HasSubstr("level=error")));
}

}  // namespace
}  // namespace stoa::harness
