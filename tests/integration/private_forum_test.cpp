// forum.private: a stranger gets the login page and nothing else, whatever is asked for and however.
#include <gmock/gmock.h>

#include <set>
#include <sstream>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Words that stand nowhere but in what members wrote.
constexpr const char* kNickname = "Kookaburra";
constexpr const char* kCategory = "Zanzibarian";
constexpr const char* kSlug = "zanzibarian-slug";
constexpr const char* kTitle = "Quokkaesque";
constexpr const char* kBody = "wombatlike";
constexpr const char* kComment = "numbatish";
constexpr const char* kMessage = "platypusly";

struct Route {
  std::string method, path;
};

const std::set<std::string> kOpen = {"GET /api/v1/plugins",
                                     "GET /healthz",
                                     "GET /readyz",
                                     "GET /metrics",  // from this machine only
                                     "POST /api/v1/auth/login",
                                     "POST /api/v1/auth/register",
                                     "POST /api/v1/auth/refresh",
                                     "POST /api/v1/auth/logout",
                                     "POST /api/v1/setup",
                                     "POST /setup"};

class PrivateForum : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new TestServer({.environment = {{"STOA__FORUM__PRIVATE", "true"}}});
    Client boss = server_->create_admin("Bandicoot");
    const Reply category = boss.post(
        "/categories",
        object({{"slug", kSlug}, {"name", kCategory}, {"description", kCategory}, {"color", "#336699"}}));
    ASSERT_EQ(category.status, 201) << category;
    category_ = category.json()["id"].integer();
    member_ = new Client(server_->register_user(kNickname));
    const Reply post = member_->post(
        "/posts", object({{"title", kTitle}, {"body", kBody}, {"category_ids", array({category_})}}));
    ASSERT_EQ(post.status, 201) << post;
    post_ = post.json()["id"].integer();
    const std::string comments = "/posts/" + std::to_string(post_) + "/comments";
    ASSERT_EQ(member_->post(comments, object({{"body", kComment}})).status, 201);
    const Reply conversation =
        member_->post("/chat/conversations", object({{"member_ids", array({boss.user_id()})}}));
    ASSERT_EQ(conversation.status, 201) << conversation;
    const std::string base = "/chat/conversations/" + std::to_string(conversation.json()["id"].integer());
    ASSERT_EQ(member_->post(base + "/messages", object({{"body", kMessage}})).status, 201);
    list_routes();
  }
  static void TearDownTestSuite() {
    delete member_;
    delete server_;
    member_ = nullptr;
    server_ = nullptr;
  }

  // As the program itself lists them, with parameters that exist.
  static void list_routes() {
    const Outcome listed =
        server_->run({"routes", "--data-dir", (server_->directory() / "elsewhere").string()});
    ASSERT_EQ(listed.exit_code, 0) << listed.err;
    std::istringstream lines(listed.out);
    for (Route route; lines >> route.method >> route.path;) {
      std::string path;
      for (std::size_t at = 0; at < route.path.size(); ++at) {
        if (route.path[at] != '{') {
          path += route.path[at];
          continue;
        }
        const std::size_t end = route.path.find('}', at);
        const std::string name = route.path.substr(at + 1, end - at - 1);
        path += name.find(":int") != std::string::npos ? "1" : name == "nickname" ? kNickname : "x";
        at = end;
      }
      routes_.push_back({route.method, path});
    }
    ASSERT_GT(routes_.size(), 40u) << listed.out;
  }

  static std::vector<std::string> pages() {
    const std::string post = std::to_string(post_);
    return {"//",
            "//c/" + std::string(kSlug),
            "//c/x",
            "//p/" + post,
            "//p/" + post + "/x",
            "//p/999/x",
            "//u/" + std::string(kNickname),
            "//u/nobody",
            "//search?q=" + std::string(kTitle),
            "//new",
            "//messages",
            "//messages/1",
            "//notifications",
            "//login",
            "//admin",
            "//unknown/path",
            "//index.html",
            "//?page=2"};
  }

  static void expect_nothing(const Reply& reply, const std::string& where) {
    std::string all = reply.body;
    for (const auto& [name, value] : reply.headers) all += "\n" + name + ": " + value;
    for (const char* secret :
         {kNickname, kCategory, kSlug, kTitle, kBody, kComment, kMessage, "Bandicoot", "quokkaesque"}) {
      EXPECT_THAT(all, Not(HasSubstr(secret))) << where;
    }
  }

  static bool is_open(const Route& route) { return kOpen.contains(route.method + " " + route.path); }

  // Every way of being nobody.
  static std::vector<Headers> strangers() {
    return {{},
            {{"Cookie", "stoa_access=garbage"}},
            {{"Cookie", "stoa_access=; stoa_refresh=x"}},
            {{"Cookie", "stoa_access=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."}},
            {{"Authorization", "Bearer garbage"}},
            {{"Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."}},
            {{"Authorization", "Bearer"}},
            {{"Authorization", "Basic Ym9zczpib3Nz"}},
            {{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-User", kNickname}}};
  }

  static TestServer* server_;
  static Client* member_;
  static std::int64_t category_, post_;
  static std::vector<Route> routes_;
};
TestServer* PrivateForum::server_ = nullptr;
Client* PrivateForum::member_ = nullptr;
std::int64_t PrivateForum::category_ = 0;
std::int64_t PrivateForum::post_ = 0;
std::vector<Route> PrivateForum::routes_;

TEST_F(PrivateForum, StrangersReadNothing) {
  Client& member = *member_;
  Client stranger = server_->client();
  for (const Route& route : routes_) {
    if (route.method != "GET") continue;
    // Twice by somebody who may, so that whatever can be kept is kept.
    const std::string etag = member.get("/" + route.path).header("ETag");
    member.get("/" + route.path);
    for (Headers headers : strangers()) {
      const bool claims = headers.size() == 1 && headers[0].first == "Authorization";
      const std::string where = route.path + (headers.empty() ? "" : " " + headers[0].second);
      for (const std::string& match : {std::string(), etag, std::string("*")}) {
        if (!match.empty()) headers.emplace_back("If-None-Match", match);
        const Reply reply = stranger.get("/" + route.path, headers);
        expect_nothing(reply, where);
        if (is_open(route) && !claims) {
          // Whoever comes through a proxy is not of this machine, whatever it claims.
          const bool proxied =
              route.path == "/metrics" && !headers.empty() && headers[0].first == "X-Forwarded-For";
          EXPECT_THAT(reply.status, proxied ? AnyOf(403, 403) : AnyOf(200, 304)) << where;
          continue;
        }
        EXPECT_EQ(reply.status, 401) << where << ' ' << reply;
        EXPECT_EQ(reply.problem(), "unauthenticated") << where;
        EXPECT_EQ(reply.header("ETag"), "") << where;
        EXPECT_EQ(reply.header("Stoa-Seq"), "") << where;
      }
      const Reply head = stranger.head("/" + route.path, headers);
      expect_nothing(head, where);
      if (!is_open(route) || claims) {
        EXPECT_EQ(head.status, 401) << where;
      }
    }
  }
}

// Whether something exists shows in no answer.
TEST_F(PrivateForum, WhatIsThereAndWhatIsNotLookTheSame) {
  Client stranger = server_->client();
  for (const char* path : {"/posts/999", "/users/nobody", "/posts?category=nothing", "/posts?limit=0",
                           "/search", "/posts?cursor=garbage", "/posts?author=nobody"}) {
    EXPECT_EQ(stranger.get(path).status, 401) << path;
  }
}

TEST_F(PrivateForum, StrangersWriteNothing) {
  Client stranger = server_->client();
  for (const Route& route : routes_) {
    if (route.method == "GET" || is_open(route)) continue;
    for (const char* body : {"{}", "{", R"({"body":"x"})"}) {
      const Reply reply = stranger.send(route.method, "/" + route.path, body, {});
      EXPECT_EQ(reply.status, 401) << route.method << ' ' << route.path << ' ' << reply;
      expect_nothing(reply, route.path);
    }
  }
}

TEST_F(PrivateForum, EveryPageIsTheSameToStrangers) {
  Client stranger = server_->client();
  // One who is logged in has been everywhere before.
  Client browser = server_->login(kNickname, TestServer::kPassword);
  browser.show(Client::Shows::cookies);
  for (const std::string& path : pages()) browser.get(path);
  const std::string front = stranger.get("//").body;
  EXPECT_THAT(front, HasSubstr("noindex"));
  for (const std::string& path : pages()) {
    for (const Headers& headers : strangers()) {
      const Reply page = stranger.get(path, headers);
      EXPECT_EQ(page.status, 200) << path;
      EXPECT_EQ(page.body, front) << path;
      expect_nothing(page, path);
      const Reply head = stranger.head(path, headers);
      EXPECT_EQ(head.status, 200) << path;
      expect_nothing(head, path);
    }
    expect_nothing(stranger.get(path, {{"If-None-Match", "*"}}), path);
  }
}

TEST_F(PrivateForum, StrangersFollowNothing) {
  const Headers nobody[] = {{}, {{"Cookie", "stoa_access=garbage"}, {"Origin", server_->url()}}};
  const std::string post = "post:" + std::to_string(post_);
  for (const Headers& headers : nobody) {
    Socket socket(server_->address(), headers);
    EXPECT_TRUE(socket.wait_op("welcome")["user"].is_null());
    const std::string category = "category:" + std::to_string(category_);
    for (const std::string& channel :
         {std::string("posts"), post, category, std::string("presence"), std::string("chat:1"),
          "user:" + std::to_string(member_->user_id()), std::string("post:999"), std::string("nothing:1")}) {
      for (const char* since : {"", R"(,"since":0)"}) {
        const Json answer =
            socket.ask(R"({"op":"subscribe","channels":[")" + channel + R"("])" + since + "}");
        EXPECT_EQ(answer["op"], "error") << channel << ' ' << answer;
        EXPECT_EQ(answer["problem"]["status"].integer(), 401) << channel << ' ' << answer;
      }
    }
    EXPECT_EQ(socket.ask(R"({"op":"subscribe","channels":["system"],"since":0})")["op"], "ok");
    EXPECT_EQ(socket.ask(R"({"op":"typing","channel":"chat:1","state":"start"})")["op"], "error");

    const auto listener = Socket::open(*member_);
    listener->subscribe({"posts", post});
    ASSERT_EQ(
        member_->post("/posts/" + std::to_string(post_) + "/comments", object({{"body", kComment}})).status,
        201);
    EXPECT_EQ(listener->wait_event("posts.comment.created")["data"]["body"], kComment);
    for (const Json& message : socket.settle()) {
      EXPECT_THAT(message["op"].text(), Not(AnyOf("event", "ephemeral"))) << message;
    }
  }
}

TEST_F(PrivateForum, ABadTokenOpensNoSocket) {
  Socket socket(server_->address());
  const std::string answer = [&]() -> std::string {
    try {
      return socket.ask(R"({"op":"auth","token":"garbage"})")["op"].text();
    } catch (const std::runtime_error&) {
      return "closed";
    }
  }();
  EXPECT_THAT(answer, AnyOf("error", "closed"));
}

TEST_F(PrivateForum, MembersSeeEverything) {
  Client& member = *member_;
  EXPECT_THAT(member.get("/posts").body, HasSubstr(kTitle));
  EXPECT_THAT(member.get("/posts/" + std::to_string(post_)).body, HasSubstr(kBody));
  EXPECT_THAT(member.get("/posts/" + std::to_string(post_) + "/comments").body, HasSubstr(kComment));
  EXPECT_THAT(member.get("/categories").body, HasSubstr(kCategory));
  EXPECT_THAT(member.get("/users/Bandicoot").body, HasSubstr("Bandicoot"));
  EXPECT_THAT(member.get("/search?q=" + std::string(kTitle)).body, HasSubstr(kTitle));
  EXPECT_THAT(member.get("/chat/conversations").body, HasSubstr(kMessage));
  const Reply again = member.get("/posts", {{"If-None-Match", member.get("/posts").header("ETag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_THAT(member.get("/posts").header("Cache-Control"), HasSubstr("private"));
  Client browser = server_->login(kNickname, TestServer::kPassword);
  browser.show(Client::Shows::cookies);
  EXPECT_THAT(browser.get("/posts").body, HasSubstr(kTitle));
  // And from the moment they leave, nothing.
  EXPECT_EQ(browser.send("POST", "/auth/logout", std::nullopt, {}).status, 204);
  EXPECT_EQ(browser.get("/posts").status, 401);
}

}  // namespace
}  // namespace stoa::harness
