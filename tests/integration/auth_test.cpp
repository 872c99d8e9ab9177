// Registration, login, sessions, profiles, administration: every route and every error it documents.
#include "harness/harness.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

namespace {

using namespace stoa::harness;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

const std::string kPassword = TestServer::kPassword;

ServerOptions auth_only() {
  return {.plugins = {"auth"}};
}

std::string login_body(const std::string& login, const std::string& password = kPassword) {
  return object({{"login", login}, {"password", password}});
}

// One server for the tests that only add accounts of their own.
class AuthTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new TestServer(auth_only());
    admin_ = new Client(server_->create_admin("boss"));
  }
  static void TearDownTestSuite() {
    delete admin_;
    delete server_;
  }
  TestServer& server = *server_;
  Client& admin = *admin_;

 private:
  static TestServer* server_;
  static Client* admin_;
};
TestServer* AuthTest::server_ = nullptr;
Client* AuthTest::admin_ = nullptr;

// ---- POST /auth/register

TEST_F(AuthTest, RegisterGivesUserTokenAndCookies) {
  Client ann = server.client();
  const Reply reply = ann.post("/auth/register", TestServer::registration("RegAnn"));
  ASSERT_EQ(reply.status, 201) << reply;
  const Json answer = reply.json();
  EXPECT_EQ(answer["token_type"], "Bearer");
  EXPECT_EQ(answer["expires_in"], 900);
  const Json user = answer["user"];
  EXPECT_EQ(user["nickname"], "RegAnn");
  EXPECT_EQ(user["role"], "member");
  EXPECT_EQ(user["email"], "RegAnn@example.test");
  EXPECT_EQ(user["first_name"], "Test");
  EXPECT_EQ(user["age"], 30);
  EXPECT_EQ(user["bio"], "");
  EXPECT_TRUE(user["avatar_url"].is_null());
  EXPECT_THAT(user["created_at"].text(), testing::MatchesRegex("....-..-..T..:..:..\\....Z"));
  EXPECT_THAT(user.names(), Not(Contains("password")));

  const auto cookies = reply.all("Set-Cookie");
  ASSERT_EQ(cookies.size(), 2u);
  EXPECT_THAT(cookies[0],
              testing::AllOf(HasSubstr("stoa_access=" + answer["access_token"].text()), HasSubstr("HttpOnly"),
                             HasSubstr("SameSite=Lax"), testing::EndsWith("Path=/"), HasSubstr("Max-Age=900"),
                             Not(HasSubstr("Secure"))));
  EXPECT_THAT(cookies[1],
              testing::AllOf(HasSubstr("stoa_refresh="), HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict"),
                             HasSubstr("Path=/api/v1/auth"), HasSubstr("Max-Age=2592000")));
  EXPECT_THAT(reply.header("Cache-Control"), HasSubstr("no-store"));

  ann.show(Client::Shows::cookies);
  EXPECT_EQ(ann.get("/users/me").json()["nickname"], "RegAnn");
}

TEST_F(AuthTest, RegisterNeedsThreeFieldsOnly) {
  Client client = server.client();
  const Reply reply = client.post(
      "/auth/register",
      object({{"nickname", "short-form"}, {"email", "short@example.test"}, {"password", kPassword}}));
  ASSERT_EQ(reply.status, 201) << reply;
  EXPECT_TRUE(reply.json()["user"]["age"].is_null());
}

TEST_F(AuthTest, RegisterRefusesTakenNamesIgnoringCase) {
  server.register_user("taken-name");
  Client client = server.client();
  Reply reply = client.post(
      "/auth/register",
      object({{"nickname", "TAKEN-name"}, {"email", "free1@example.test"}, {"password", kPassword}}));
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(reply.problem(), "conflict");
  EXPECT_THAT(reply.pointers(), ElementsAre("/nickname"));
  reply = client.post(
      "/auth/register",
      object({{"nickname", "free-name"}, {"email", "Taken-Name@Example.Test"}, {"password", kPassword}}));
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.pointers(), ElementsAre("/email"));
  reply = client.post("/auth/register", TestServer::registration("Taken-name"));
  EXPECT_THAT(reply.pointers(), ElementsAre("/nickname", "/email"));
}

TEST_F(AuthTest, RegisterNamesEveryWrongField) {
  Client client = server.client();
  const Reply reply =
      client.post("/auth/register",
                  R"({"nickname":"a b","email":"nobody","password":"short","age":12,"first_name":7,"x":1})");
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.problem(), "validation");
  EXPECT_THAT(reply.pointers(),
              UnorderedElementsAre("/nickname", "/email", "/password", "/age", "/first_name", "/x"));
  EXPECT_THAT(client.post("/auth/register", "{}").pointers(),
              UnorderedElementsAre("/nickname", "/email", "/password"));
}

TEST_F(AuthTest, RegisterBoundsEveryField) {
  struct {
    const char* field;
    Literal value;
    bool fits;
  } const cases[] = {
      {"nickname", "ab", false},
      {"nickname", std::string(21, 'a'), false},
      {"nickname", "admin", false},
      {"nickname", "me", false},
      {"nickname", 5, false},
      {"nickname", "nick\xc3\xa9", false},
      {"email", std::string(300, 'a') + "@example.test", false},
      {"email", "a\nb@example.test", false},
      {"password", "password123", false},
      {"password", "bounded-user", false},
      {"password", "bounded@example.test", false},
      {"password", "aaaaaaaaaaaaaaaa", false},
      {"password", std::string(1'025, 'x'), false},
      {"password", nullptr, false},
      {"first_name", std::string(65, 'a'), false},
      {"first_name", std::string("tab\there"), false},
      {"last_name", std::string(65, 'a'), false},
      {"age", 12, false},
      {"age", 121, false},
      {"age", "30", false},
      {"age", Literal::raw("30.5"), false},
      {"gender", std::string(33, 'a'), false},
  };
  Client client = server.client();
  for (const auto& test : cases) {
    const Reply reply = client.post(
        "/auth/register",
        object({{"nickname", std::string(test.field) == "nickname" ? test.value : Literal("bounded-user")},
                {"email", std::string(test.field) == "email" ? test.value : Literal("bounded@example.test")},
                {"password", std::string(test.field) == "password" ? test.value : Literal(kPassword)},
                {"first_name", std::string(test.field) == "first_name" ? test.value : Literal("A")},
                {"last_name", std::string(test.field) == "last_name" ? test.value : Literal("B")},
                {"age", std::string(test.field) == "age" ? test.value : Literal(30)},
                {"gender", std::string(test.field) == "gender" ? test.value : Literal("female")}}));
    EXPECT_EQ(reply.status, 422) << test.field << ' ' << test.value.json().substr(0, 40);
    EXPECT_THAT(reply.pointers(), ElementsAre("/" + std::string(test.field)));
  }
}

TEST_F(AuthTest, RegisterRefusesOtherBodies) {
  Client client = server.client();
  EXPECT_EQ(client.post("/auth/register", "{").status, 400);
  EXPECT_EQ(client.post("/auth/register", R"({"nickname":"a","nickname":"b"})").status, 400);
  EXPECT_EQ(client.post("/auth/register", "[]").status, 422);
  EXPECT_EQ(client.post("/auth/register", "nickname=x", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(client.post("/auth/register", "{\"nickname\":\"" + std::string(300'000, 'a') + "\"}").status,
            413);
  EXPECT_EQ(client.get("/auth/register").status, 405);
}

TEST_F(AuthTest, ManyAtOnceMakeOneAccount) {
  std::vector<std::thread> threads;
  std::atomic<int> created{0};
  std::atomic<int> refused{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Client client = server.client();
      const int status = client.post("/auth/register", TestServer::registration("racer")).status;
      if (status == 201) ++created;
      if (status == 409) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(refused, 7);
}

// ---- POST /auth/login

TEST_F(AuthTest, LoginByNicknameOrEmailIgnoringCase) {
  server.register_user("LogAnn");
  for (const char* login : {"LogAnn", "logann", "LOGANN@EXAMPLE.TEST", " logann@example.test "}) {
    Client client = server.client();
    const Reply reply = client.post("/auth/login", login_body(login));
    ASSERT_EQ(reply.status, 200) << login << reply;
    EXPECT_EQ(reply.json()["user"]["nickname"], "LogAnn");
    EXPECT_EQ(reply.all("Set-Cookie").size(), 2u);
  }
}

TEST_F(AuthTest, LoginFailsTheSameWayForEveryCause) {
  Client suspended = server.register_user("log-suspended");
  admin.patch("/admin/users/" + std::to_string(suspended.user_id()),
              R"({"suspended_until":"2999-01-01T00:00:00Z"})");
  server.register_user("log-bob");
  Client client = server.client();
  std::string first;
  for (const std::string& body :
       {login_body("log-bob", "wrong password"), login_body("nobody-here"), login_body("nobody@example.test"),
        login_body("log-suspended"), login_body("log-bob", ""), login_body("log-bob", kPassword + " "),
        login_body("log-bob' OR 1=1 --"), login_body("LOG-BOB", "CORRECT HORSE BATTERY STAPLE")}) {
    const Reply reply = client.post("/auth/login", body);
    EXPECT_EQ(reply.status, 401) << body;
    EXPECT_EQ(reply.problem(), "invalid-credentials");
    EXPECT_THAT(reply.all("Set-Cookie"), IsEmpty());
    const std::string detail = reply.json()["detail"].text();
    if (first.empty()) first = detail;
    EXPECT_EQ(detail, first);
  }
}

TEST_F(AuthTest, LoginValidatesItsBody) {
  Client client = server.client();
  EXPECT_THAT(client.post("/auth/login", "{}").pointers(), UnorderedElementsAre("/login", "/password"));
  EXPECT_EQ(client.post("/auth/login", R"({"login":1,"password":[]})").status, 422);
  EXPECT_EQ(client.post("/auth/login", R"({"login":"a","password":"b","admin":true})").status, 422);
  EXPECT_EQ(client.post("/auth/login", "nonsense").status, 400);
  EXPECT_EQ(client.post("/auth/login").status, 415);
}

// ---- Tokens

TEST_F(AuthTest, BadBearerIsRefusedAndBadCookieIsNobody) {
  Client ann = server.register_user("token-ann");
  Client stranger = server.client();
  EXPECT_EQ(stranger.get("/users/me").status, 401);
  EXPECT_EQ(stranger.get("/users/me").problem(), "unauthenticated");
  const std::string token = ann.token();
  for (const std::string& bad :
       {std::string("x"), token + "x", token.substr(0, token.size() - 1), std::string("Bearer"),
        std::string(5'000, 'a'), std::string("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."),
        token.substr(token.find('.'))}) {
    EXPECT_EQ(stranger.get("/users/me", {{"Authorization", "Bearer " + bad}}).status, 401) << bad;
    EXPECT_EQ(stranger.get("/users/me", {{"Cookie", "stoa_access=" + bad}}).status, 401) << bad;
    EXPECT_EQ(stranger.get("/users/token-ann", {{"Cookie", "stoa_access=" + bad}}).status, 200) << bad;
  }
}

TEST_F(AuthTest, CookieNeedsOwnOriginForChanges) {
  Client ann = server.register_user("origin-ann");
  ann.show(Client::Shows::cookies);
  EXPECT_EQ(ann.patch("/users/me", R"({"bio":"x"})").status, 200);
  EXPECT_EQ(ann.patch("/users/me", R"({"bio":"x"})", {{"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(ann.patch("/users/me", R"({"bio":"x"})", {{"Origin", ""}}).status, 403);
}

// ---- POST /auth/refresh

TEST_F(AuthTest, RefreshRotates) {
  Client ann = server.register_user("refresh-ann");
  const std::string old_token = ann.cookie("stoa_refresh");
  ann.show(Client::Shows::nothing);
  const Reply bare =
      ann.post("/auth/refresh", {}, {{"Content-Type", ""}, {"Cookie", "stoa_refresh=" + old_token}});
  ASSERT_EQ(bare.status, 200) << bare;
  EXPECT_EQ(bare.json()["user"]["nickname"], "refresh-ann");
  const std::string next_token = ann.cookie("stoa_refresh");
  EXPECT_NE(next_token, old_token);

  // Somebody who asks twice gets the same successor.
  const Reply again = ann.post("/auth/refresh", object({{"refresh_token", old_token}}));
  EXPECT_EQ(again.status, 200) << again;
  EXPECT_EQ(ann.cookie("stoa_refresh"), next_token);
  EXPECT_EQ(ann.post("/auth/refresh", object({{"refresh_token", next_token}})).status, 200);
  EXPECT_EQ(ann.post("/auth/refresh", object({{"refresh_token", old_token}})).status, 200) << "still in time";
}

TEST_F(AuthTest, RefreshAtOnceFromManyTabsKeepsTheSession) {
  Client ann = server.register_user("refresh-tabs");
  const std::string token = ann.cookie("stoa_refresh");
  std::mutex mutex;
  std::set<std::string> successors;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Client tab = server.client();
      const Reply reply = tab.post("/auth/refresh", object({{"refresh_token", token}}));
      std::lock_guard lock(mutex);
      EXPECT_EQ(reply.status, 200) << reply;
      successors.insert(tab.cookie("stoa_refresh"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(successors.size(), 1u);
}

TEST_F(AuthTest, RefreshRefusesWhatIsNoToken) {
  Client client = server.client();
  EXPECT_EQ(client.post("/auth/refresh").status, 401);
  for (const std::string& bad :
       {std::string(), std::string("x"), std::string(64, 'A'), std::string(199, 'A')}) {
    const Reply reply = client.post("/auth/refresh", object({{"refresh_token", bad}}));
    EXPECT_EQ(reply.status, 401) << bad;
    EXPECT_EQ(reply.problem(), "unauthenticated");
  }
  EXPECT_EQ(client.post("/auth/refresh", R"({"refresh_token":5})").status, 422);
  EXPECT_EQ(client.post("/auth/refresh", R"({"token":"x"})").status, 422);
  EXPECT_EQ(client.post("/auth/refresh", "{").status, 400);
}

TEST_F(AuthTest, ForgedRefreshTokenOfAKnownSessionEndsIt) {
  Client ann = server.register_user("refresh-forged");
  std::string forged = ann.cookie("stoa_refresh");
  forged[40] = forged[40] == 'A' ? 'B' : 'A';
  EXPECT_EQ(server.client().post("/auth/refresh", object({{"refresh_token", forged}})).status, 401);
  EXPECT_EQ(ann.get("/users/me").status, 401) << "whoever knows half of a token got it somewhere";
}

// ---- POST /auth/logout

TEST_F(AuthTest, LogoutEndsTheSessionEverywhere) {
  Client ann = server.register_user("logout-ann");
  auto socket = Socket::open(ann);
  const std::string refresh = ann.cookie("stoa_refresh");
  const Reply reply = ann.post("/auth/logout");
  EXPECT_EQ(reply.status, 204) << reply;
  const auto cookies = reply.all("Set-Cookie");
  ASSERT_EQ(cookies.size(), 2u);
  for (const std::string& cookie : cookies) EXPECT_THAT(cookie, HasSubstr("Max-Age=0"));
  EXPECT_EQ(ann.get("/users/me").status, 401);
  EXPECT_EQ(ann.post("/auth/refresh", object({{"refresh_token", refresh}}), {{"Authorization", ""}}).status,
            401);
  EXPECT_EQ(socket->wait_closed(std::chrono::seconds(5)), 4401);
  EXPECT_EQ(ann.post("/auth/logout").status, 401);
}

TEST_F(AuthTest, LogoutByRefreshCookieAlone) {
  Client ann = server.register_user("logout-cookie");
  const std::string refresh = ann.cookie("stoa_refresh");
  Client other = server.client();
  EXPECT_EQ(other.post("/auth/logout").status, 401);
  EXPECT_EQ(
      other.send("POST", "/auth/logout", {}, {{"Cookie", "stoa_refresh=" + std::string(64, 'A')}}).status,
      401);
  EXPECT_EQ(
      other
          .send("POST", "/auth/logout", {}, {{"Cookie", "stoa_refresh=" + refresh}, {"Origin", server.url()}})
          .status,
      204);
  EXPECT_EQ(ann.get("/users/me").status, 401);
}

// ---- /auth/sessions

TEST_F(AuthTest, SessionsAreListedAndRevoked) {
  Client first = server.register_user("session-ann");
  Client second = server.client();
  second.adopt(second.post("/auth/login", login_body("session-ann"), {{"User-Agent", "Phone \xe9 1.0"}}));
  Client third = server.login("session-ann", kPassword);

  Reply reply = first.get("/auth/sessions");
  ASSERT_EQ(reply.status, 200);
  EXPECT_THAT(reply.header("Cache-Control"), HasSubstr("no-store"));
  auto items = reply.json()["items"].items();
  ASSERT_EQ(items.size(), 3u);
  int current = 0;
  std::string phone;
  for (const Json& item : items) {
    current += item["current"].boolean();
    EXPECT_EQ(item["address"], "127.0.0.1");
    EXPECT_FALSE(item["created_at"].text().empty());
    EXPECT_FALSE(item["last_used_at"].text().empty());
    if (item["user_agent"].text().rfind("Phone", 0) == 0) phone = std::to_string(item["id"].integer());
  }
  EXPECT_EQ(current, 1);

  Client stranger = server.register_user("session-bob");
  EXPECT_EQ(stranger.del("/auth/sessions/" + phone).status, 404) << "somebody else's";
  EXPECT_EQ(first.del("/auth/sessions/999999999").status, 404);
  EXPECT_EQ(first.del("/auth/sessions/abc").status, 404);
  EXPECT_EQ(first.del("/auth/sessions/" + phone).status, 204);
  EXPECT_EQ(second.get("/users/me").status, 401);
  EXPECT_EQ(first.del("/auth/sessions/" + phone).status, 404);

  auto socket = Socket::open(third);
  EXPECT_EQ(first.del("/auth/sessions").status, 204);
  EXPECT_EQ(third.get("/users/me").status, 401);
  EXPECT_EQ(socket->wait_closed(std::chrono::seconds(5)), 4401);
  EXPECT_EQ(first.get("/auth/sessions").json()["items"].size(), 1u);
  EXPECT_EQ(server.client().get("/auth/sessions").status, 401);
  EXPECT_EQ(server.client().del("/auth/sessions").status, 401);
  EXPECT_EQ(server.client().del("/auth/sessions/1").status, 401);
}

TEST_F(AuthTest, RevocationIsToldToTheOwner) {
  Client first = server.register_user("told-ann");
  Client second = server.login("told-ann", kPassword);
  auto socket = Socket::open(first);
  std::int64_t id = 0;
  for (const Json& item : second.get("/auth/sessions").json()["items"].items()) {
    if (item["current"] == true) id = item["id"].integer();
  }
  second.post("/auth/logout");
  const Json event = socket->wait_event("auth.session.revoked");
  EXPECT_EQ(event["data"]["session_id"], id);
  EXPECT_EQ(event["channels"][0], "user:" + std::to_string(first.user_id()));
}

// ---- POST /auth/password

TEST_F(AuthTest, PasswordChangeEndsOtherSessions) {
  Client first = server.register_user("pass-ann");
  Client second = server.login("pass-ann", kPassword);
  const std::string next = "a new and longer secret";
  const Reply wrong =
      first.post("/auth/password", object({{"current_password", "not it at all"}, {"new_password", next}}));
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.pointers(), ElementsAre("/current_password"));
  EXPECT_EQ(
      first.post("/auth/password", object({{"current_password", kPassword}, {"new_password", next}})).status,
      204);
  EXPECT_EQ(first.get("/users/me").status, 200);
  EXPECT_EQ(second.get("/users/me").status, 401);
  EXPECT_EQ(server.client().post("/auth/login", login_body("pass-ann")).status, 401);
  EXPECT_EQ(server.client().post("/auth/login", login_body("pass-ann", next)).status, 200);
}

TEST_F(AuthTest, PasswordChangeKeepsTheRules) {
  Client ann = server.register_user("pass-rules");
  for (const char* bad :
       {"", "short", "password123", "pass-rules", "pass-rules@example.test", "1111111111111"}) {
    const Reply reply =
        ann.post("/auth/password", object({{"current_password", kPassword}, {"new_password", bad}}));
    EXPECT_EQ(reply.status, 422) << bad;
    EXPECT_THAT(reply.pointers(), Contains("/new_password"));
  }
  EXPECT_EQ(ann.post("/auth/password", "{}").status, 422);
  EXPECT_EQ(ann.post("/auth/password", "{").status, 400);
  EXPECT_EQ(server.client().post("/auth/password", "{}").status, 401);
  EXPECT_EQ(
      admin.post("/auth/password", object({{"current_password", kPassword}, {"new_password", "k3#vLq9!paX"}}))
          .status,
      422)
      << "an administrator needs a longer one";
}

// ---- /users

TEST_F(AuthTest, OwnProfileChanges) {
  Client ann = server.register_user("me-ann");
  Reply reply = ann.patch("/users/me", object({{"first_name", "Änne"},
                                               {"last_name", nullptr},
                                               {"age", 120},
                                               {"gender", "my own word"},
                                               {"bio", "line one\nline <b>two</b>"},
                                               {"avatar_url", "https://example.test/a.png"},
                                               {"email", "new-ann@example.test"}}));
  ASSERT_EQ(reply.status, 200) << reply;
  const Json me = ann.get("/users/me").json();
  EXPECT_EQ(me, reply.json());
  EXPECT_EQ(me["first_name"], "Änne");
  EXPECT_TRUE(me["last_name"].is_null());
  EXPECT_EQ(me["age"], 120);
  EXPECT_EQ(me["gender"], "my own word");
  EXPECT_EQ(me["bio"], "line one\nline <b>two</b>");
  EXPECT_EQ(me["avatar_url"], "https://example.test/a.png");
  EXPECT_EQ(server.client().post("/auth/login", login_body("new-ann@example.test")).status, 200);
  EXPECT_EQ(server.client().post("/auth/login", login_body("me-ann@example.test")).status, 401);
  EXPECT_EQ(ann.patch("/users/me", "{}").status, 200);
  EXPECT_EQ(ann.patch("/users/me", R"({"email":"NEW-ann@example.test"})").status, 200) << "one's own";
}

TEST_F(AuthTest, OwnProfileRefuses) {
  Client ann = server.register_user("me-bounds");
  server.register_user("me-other");
  const std::vector<std::string> bodies = {R"({"role":"admin"})",
                                           R"({"nickname":"other"})",
                                           R"({"id":1})",
                                           R"({"age":12})",
                                           R"({"bio":5})",
                                           object({{"bio", std::string(1'001, 'x')}}),
                                           object({{"avatar_url", "javascript:alert(1)"}}),
                                           R"({"email":"nobody"})",
                                           R"({"email":null})",
                                           R"({"first_name":["x"]})",
                                           "[]"};
  for (const std::string& body : bodies) EXPECT_EQ(ann.patch("/users/me", body).status, 422) << body;
  const Reply taken = ann.patch("/users/me", R"({"email":"ME-other@example.test"})");
  EXPECT_EQ(taken.status, 409);
  EXPECT_THAT(taken.pointers(), ElementsAre("/email"));
  EXPECT_EQ(server.client().patch("/users/me", "{}").status, 401);
  EXPECT_EQ(ann.get("/users/me").json()["role"], "member");
}

TEST_F(AuthTest, PublicProfileHasNothingPrivate) {
  Client ann = server.register_user("Pub-Ann");
  ann.patch("/users/me", R"({"bio":"hello"})");
  const Reply reply = server.client().get("/users/pub-ann");
  ASSERT_EQ(reply.status, 200);
  EXPECT_THAT(reply.json().names(),
              UnorderedElementsAre("id", "nickname", "role", "bio", "avatar_url", "created_at"));
  EXPECT_EQ(reply.json()["nickname"], "Pub-Ann");
  EXPECT_EQ(reply.json()["bio"], "hello");
  EXPECT_FALSE(reply.header("Stoa-Seq").empty());
  const std::string etag = reply.header("ETag");
  ASSERT_FALSE(etag.empty());
  EXPECT_EQ(server.client().get("/users/pub-ann", {{"If-None-Match", etag}}).status, 304);
  ann.patch("/users/me", R"({"bio":"changed"})");
  EXPECT_EQ(server.client().get("/users/pub-ann", {{"If-None-Match", etag}}).json()["bio"], "changed");
  EXPECT_EQ(server.client().get("/users/nobody-at-all").status, 404);
  EXPECT_EQ(server.client().get("/users/" + std::string(500, 'a')).status, 404);
  EXPECT_EQ(server.client().get("/users/%00").status / 100, 4);
}

TEST_F(AuthTest, UsersAreFoundByPrefix) {
  for (const char* nickname : {"zq-carl", "ZQ-ann", "zq_dora", "zqbob"}) server.register_user(nickname);
  Client client = server.client();
  const auto nicknames = [&](const std::string& path) {
    std::vector<std::string> out;
    for (const Json& user : walk(client, path)) out.push_back(user["nickname"].text());
    return out;
  };
  EXPECT_THAT(nicknames("/users?q=ZQ"), ElementsAre("ZQ-ann", "zq-carl", "zq_dora", "zqbob"));
  EXPECT_THAT(nicknames("/users?q=zq&limit=1"), ElementsAre("ZQ-ann", "zq-carl", "zq_dora", "zqbob"));
  EXPECT_THAT(nicknames("/users?q=zq-"), ElementsAre("ZQ-ann", "zq-carl"));
  EXPECT_THAT(nicknames("/users?q=zq%25"), IsEmpty());
  EXPECT_THAT(nicknames("/users?q=%27%20OR"), IsEmpty());
  EXPECT_GT(nicknames("/users?limit=2").size(), 4u);

  const Reply page = client.get("/users?q=zq&limit=2");
  EXPECT_THAT(page.header("Link"), HasSubstr("rel=\"next\""));
  EXPECT_THAT(page.json()["items"][0].names(), Not(Contains("email")));
  server.register_user("zqeva");
  EXPECT_THAT(nicknames("/users?q=zqe"), ElementsAre("zqeva")) << "a cached list must not hide the new one";
  for (const char* bad : {"limit=0", "limit=101", "limit=x", "limit=", "cursor=!!", "cursor=AAAA"})
    EXPECT_EQ(client.get(std::string("/users?") + bad).status, 422) << bad;
}

TEST_F(AuthTest, NewAndChangedUsersAreTold) {
  Client watcher = server.register_user("watcher");
  auto socket = Socket::open(watcher);
  socket->subscribe({"presence"});
  Client ann = server.register_user("told-new");
  const Json created = socket->wait(
      event_is("auth.user.created", [](const Json& data) { return data["nickname"] == "told-new"; }));
  EXPECT_THAT(created["data"].names(), Not(Contains("email")));
  ann.patch("/users/me", R"({"first_name":"Private"})");
  ann.patch("/users/me", R"({"bio":"public"})");
  const Json updated = socket->wait_event("auth.user.updated");
  EXPECT_EQ(updated["data"]["bio"], "public");
}

// ---- /admin/users

TEST_F(AuthTest, AdminRoutesAreForAdministrators) {
  Client ann = server.register_user("adm-ann");
  const std::string path = "/admin/users/" + std::to_string(ann.user_id());
  EXPECT_EQ(server.client().get("/admin/users").status, 401);
  EXPECT_EQ(server.client().patch(path, "{}").status, 401);
  EXPECT_EQ(ann.get("/admin/users").status, 403);
  EXPECT_EQ(ann.patch(path, R"({"role":"admin"})").status, 403);
  EXPECT_EQ(admin.patch(path, R"({"role":"moderator"})").status, 200);
  EXPECT_EQ(ann.get("/admin/users").status, 403) << "moderators neither";
}

TEST_F(AuthTest, AdminListShowsAccounts) {
  server.register_user("xlist-ann");
  server.register_user("xlist-bob");
  const auto items = walk(admin, "/admin/users?q=xlist&limit=1");
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0]["email"], "xlist-ann@example.test");
  EXPECT_TRUE(items[0]["suspended_until"].is_null());
  EXPECT_TRUE(items[0]["suspension_reason"].is_null());
  EXPECT_EQ(admin.get("/admin/users?limit=0").status, 422);
}

TEST_F(AuthTest, RoleTakesEffectAtOnce) {
  Client ann = server.register_user("role-ann");
  const std::string path = "/admin/users/" + std::to_string(ann.user_id());
  EXPECT_EQ(admin.patch(path, R"({"role":"admin"})").json()["role"], "admin");
  EXPECT_EQ(ann.get("/admin/users").status, 200) << "with the token she had";
  EXPECT_EQ(server.client().get("/users/role-ann").json()["role"], "admin");
  EXPECT_EQ(admin.patch(path, R"({"role":"member"})").status, 200);
  EXPECT_EQ(ann.get("/admin/users").status, 403);
}

TEST_F(AuthTest, SuspensionEndsSessionsAndLogins) {
  Client ann = server.register_user("susp-ann");
  auto socket = Socket::open(ann);
  const std::string refresh = ann.cookie("stoa_refresh");
  const std::string path = "/admin/users/" + std::to_string(ann.user_id());
  const Reply reply =
      admin.patch(path, R"({"suspended_until":"2999-01-01T00:00:00+01:00","suspension_reason":"Spam"})");
  ASSERT_EQ(reply.status, 200) << reply;
  EXPECT_EQ(reply.json()["suspended_until"], "2998-12-31T23:00:00.000Z");
  EXPECT_EQ(reply.json()["suspension_reason"], "Spam");
  EXPECT_EQ(socket->wait_closed(std::chrono::seconds(5)), 4401);
  EXPECT_EQ(ann.get("/users/me").status, 401);
  EXPECT_EQ(server.client().post("/auth/refresh", object({{"refresh_token", refresh}})).status, 401);
  EXPECT_EQ(server.client().post("/auth/login", login_body("susp-ann")).status, 401);
  EXPECT_EQ(server.client().get("/users/susp-ann").status, 200);
  const Reply lifted = admin.patch(path, R"({"suspended_until":null})");
  EXPECT_TRUE(lifted.json()["suspension_reason"].is_null());
  EXPECT_EQ(server.client().post("/auth/login", login_body("susp-ann")).status, 200);
}

TEST_F(AuthTest, AdminChangeValidates) {
  Client ann = server.register_user("admval-ann");
  const std::string path = "/admin/users/" + std::to_string(ann.user_id());
  for (const char* body : {R"({"role":"king"})", R"({"role":3})", R"({"suspended_until":"tomorrow"})",
                           R"({"suspended_until":5})", R"({"suspended_until":"2026-02-30T00:00:00Z"})",
                           R"({"nickname":"x"})", R"([])"}) {
    EXPECT_EQ(admin.patch(path, body).status, 422) << body;
  }
  EXPECT_EQ(admin.patch("/admin/users/999999999", R"({"role":"admin"})").status, 404);
  EXPECT_EQ(admin.patch("/admin/users/0", "{}").status, 404);
}

TEST_F(AuthTest, LastAdministratorStays) {
  const std::string path = "/admin/users/" + std::to_string(admin.user_id());
  Reply reply = admin.patch(path, R"({"role":"member"})");
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.pointers(), ElementsAre("/role"));
  reply = admin.patch(path, R"({"suspended_until":"2999-01-01T00:00:00Z"})");
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(admin.get("/admin/users").status, 200);
}

TEST(AuthAdministrators, CannotRemoveEachOther) {
  TestServer other(auth_only());
  Client first = other.create_admin("first");
  Client second = other.register_user("second");
  const std::string path_of_first = "/admin/users/" + std::to_string(first.user_id());
  const std::string path_of_second = "/admin/users/" + std::to_string(second.user_id());
  for (int round = 0; round < 5; ++round) {
    ASSERT_EQ(first.patch(path_of_second, R"({"role":"admin"})").status, 200);
    std::thread rival([&] { second.patch(path_of_first, R"({"role":"member"})"); });
    first.patch(path_of_second, R"({"role":"member"})");
    rival.join();
    const bool first_rules = first.get("/admin/users").status == 200;
    const bool second_rules = second.get("/admin/users").status == 200;
    ASSERT_TRUE(first_rules != second_rules) << "exactly one is left";
    if (!first_rules) second.patch(path_of_first, R"({"role":"admin"})");
  }
}

TEST_F(AuthTest, LoginFloodLeavesTheRestAlone) {
  server.register_user("flood-ann");
  const std::string body = login_body("flood-ann", "wrong password");
  const std::string request =
      "POST /api/v1/auth/login HTTP/1.1\r\nHost: " + server.address().host + ":" +
      std::to_string(server.port()) +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
      body;
  std::vector<std::unique_ptr<Connection>> crowd;
  for (int i = 0; i < 120; ++i) {
    crowd.push_back(std::make_unique<Connection>("127.0.0.1", server.port()));
    crowd.back()->write(request);
  }
  Client reader = server.client();
  EXPECT_EQ(reader.get("/users/flood-ann").status, 200);
  int refused = 0;
  for (const auto& connection : crowd) {
    const Reply reply = connection->read_reply();
    if (reply.status == 401) continue;
    EXPECT_EQ(reply.status, 503) << reply;
    EXPECT_EQ(reply.problem(), "overloaded");
    EXPECT_FALSE(reply.header("Retry-After").empty());
    ++refused;
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 120);
}

// ---- Pages

TEST_F(AuthTest, PagesHaveTitlesAndSafeText) {
  Client ann = server.register_user("page-ann");
  ann.patch("/users/me", object({{"bio", "<script>alert(1)</script> & \"me\""}}));
  const Reply page = server.client().get("//u/Page-Ann");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<h1>page-ann</h1>"));
  EXPECT_THAT(page.body, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"));
  EXPECT_THAT(page.body, Not(HasSubstr("<script>alert(1)")));
  EXPECT_THAT(page.body, Not(HasSubstr("page-ann@example.test")));
  EXPECT_EQ(server.client().get("//u/nobody-at-all").status, 404);
  for (const char* path : {"//login", "//register", "//settings"}) {
    const Reply plain = server.client().get(path);
    EXPECT_EQ(plain.status, 200) << path;
    EXPECT_THAT(plain.body, HasSubstr("<title>"));
  }
}

// ---- Setup, commands, restarts: servers of their own

TEST(AuthSetup, LinkMakesOneAdministrator) {
  TestServer server(auth_only());
  const std::string token = server.setup_token();
  Client client = server.client();
  const auto body = [&](const std::string& with_token, const std::string& password) {
    return object(
        {{"token", with_token}, {"nickname", "admin"}, {"email", "a@example.test"}, {"password", password}});
  };
  EXPECT_EQ(client.post("//setup", body("wrong", kPassword)).status, 404);
  EXPECT_EQ(client.post("//setup", "{}").status, 404);
  Reply reply = client.post("//setup", body(token, "k3#vLq9!paX"));
  EXPECT_EQ(reply.status, 422) << "too short for an administrator";
  EXPECT_THAT(reply.pointers(), ElementsAre("/password"));

  std::vector<std::thread> threads;
  std::atomic<int> created{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Client racer = server.client();
      const std::string name = "admin" + std::to_string(i);
      created += racer
                     .post("//setup", object({{"token", token},
                                              {"nickname", name},
                                              {"email", name + "@example.test"},
                                              {"password", kPassword}}))
                     .status == 201;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(client.post("//setup", body(token, kPassword)).status, 404);
  server.restart();
  EXPECT_THAT(server.output(), Not(HasSubstr("/setup?token=")));
  EXPECT_EQ(server.client().post("//setup", body(token, kPassword)).status, 404);
}

TEST(AuthSetup, EachStartHasItsOwnToken) {
  TestServer server(auth_only());
  const std::string first = server.setup_token();
  server.restart();
  const std::string second = server.setup_token();
  EXPECT_NE(first, second);
  Client client = server.client();
  const Reply reply = client.post("/setup", object({{"token", second},
                                                    {"nickname", "boss"},
                                                    {"email", "boss@example.test"},
                                                    {"password", kPassword}}));
  ASSERT_EQ(reply.status, 201) << reply;
  EXPECT_EQ(reply.json()["user"]["role"], "admin");
  client.adopt(reply);
  EXPECT_EQ(client.get("/admin/users").status, 200);
}

TEST(AuthCommands, CreateRoleAndPassword) {
  TestServer server(auth_only());
  // Beside the running server.
  Outcome done = server.run({"user", "create", "--nickname", "boss", "--email", "boss@example.test",
                             "--password", kPassword, "--admin"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  Client boss = server.login("boss", kPassword);
  EXPECT_EQ(boss.get("/admin/users").status, 200);
  done = server.run(
      {"user", "create", "--nickname", "BOSS", "--email", "b@example.test", "--password", kPassword});
  EXPECT_NE(done.exit_code, 0);
  EXPECT_THAT(done.err, HasSubstr("taken"));
  done = server.run(
      {"user", "create", "--nickname", "ann", "--email", "ann@example.test", "--password", "short"});
  EXPECT_NE(done.exit_code, 0);
  EXPECT_THAT(done.err, HasSubstr("--password"));

  // Without one.
  server.stop();
  done = server.run(
      {"user", "create", "--nickname", "ann", "--email", "ann@example.test", "--password", kPassword});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  done = server.run({"user", "set-role", "--nickname", "ANN", "--role", "moderator"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(server.run({"user", "set-role", "--nickname", "ann", "--role", "king"}).exit_code, 0);
  EXPECT_NE(server.run({"user", "set-role", "--nickname", "nobody", "--role", "admin"}).exit_code, 0);
  EXPECT_NE(server.run({"user", "set-role", "--nickname", "boss", "--role", "member"}).exit_code, 0);
  server.start();
  Client ann = server.login("ann", kPassword);
  EXPECT_EQ(ann.get("/users/me").json()["role"], "moderator");
  done = server.run({"user", "reset-password", "--nickname", "ann", "--password", "quite another secret"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(ann.get("/users/me").status, 401);
  EXPECT_EQ(server.client().post("/auth/login", login_body("ann")).status, 401);
  server.login("ann", "quite another secret");
}

TEST(AuthRestart, SessionsAndKeysSurvive) {
  TestServer server(auth_only());
  Client ann = server.register_user("ann");
  Client gone = server.register_user("gone");
  gone.post("/auth/logout");
  server.kill();
  server.start();
  EXPECT_EQ(ann.get("/users/me").json()["nickname"], "ann");
  EXPECT_EQ(gone.get("/users/me").status, 401);
  EXPECT_EQ(ann.post("/auth/refresh", object({{"refresh_token", ann.cookie("stoa_refresh")}})).status, 200);
  namespace fs = std::filesystem;
  EXPECT_EQ(fs::status(server.data_dir() / "keys").permissions(), fs::perms(0700));
  for (const auto& file : fs::directory_iterator(server.data_dir() / "keys"))
    EXPECT_EQ(file.status().permissions(), fs::perms(0600)) << file.path();
}

TEST(AuthRestart, TimeEndsGraceAndSessions) {
  TestServer server(auth_only());
  Client reused = server.register_user("reused");
  Client expired = server.register_user("expired");
  const std::string spent = reused.cookie("stoa_refresh");
  ASSERT_EQ(reused.post("/auth/refresh", object({{"refresh_token", spent}})).status, 200);
  ASSERT_EQ(reused.post("/auth/refresh", object({{"refresh_token", spent}})).status, 200);
  server.stop();
  server.sql("UPDATE auth_spent_token SET spent_at = spent_at - 31000");
  server.sql("UPDATE auth_session SET expires_at = 1 WHERE user_id = " + std::to_string(expired.user_id()));
  server.start();

  EXPECT_EQ(reused.get("/users/me").status, 200);
  EXPECT_EQ(server.client().post("/auth/refresh", object({{"refresh_token", spent}})).status, 401);
  EXPECT_EQ(reused.get("/users/me").status, 401) << "somebody holds a token that was exchanged long ago";
  EXPECT_EQ(server.client()
                .post("/auth/refresh", object({{"refresh_token", reused.cookie("stoa_refresh")}}))
                .status,
            401);
  EXPECT_EQ(expired.get("/users/me").status, 401);
  EXPECT_EQ(server.client()
                .post("/auth/refresh", object({{"refresh_token", expired.cookie("stoa_refresh")}}))
                .status,
            401);
  server.stop();
  EXPECT_EQ(server.sql("SELECT count(*) FROM auth_session")[0][0], "0") << "expired ones are cleared away";
  EXPECT_EQ(server.sql("SELECT count(*) FROM auth_spent_token")[0][0], "0");
}

TEST(AuthRestart, LastUseIsStored) {
  TestServer server(auth_only());
  Client ann = server.register_user("ann");
  server.stop();
  server.sql("UPDATE auth_session SET last_used_at = last_used_at - 3600000");
  const std::string before = server.sql("SELECT last_used_at FROM auth_session")[0][0];
  server.start();
  const auto last_use = [&] { return ann.get("/auth/sessions").json()["items"][0]["last_used_at"].text(); };
  const std::string shown = last_use();
  EXPECT_EQ(last_use(), shown) << "to the minute";
  server.stop();
  EXPECT_GT(server.sql("SELECT last_used_at FROM auth_session")[0][0], before);
}

TEST(AuthRestart, SecretsAreNotStored) {
  TestServer server(auth_only());
  Client ann = server.register_user("ann");
  server.stop();
  std::string everything;
  for (const auto& row :
       server.sql("SELECT * FROM auth_user; SELECT * FROM auth_session; SELECT data FROM core_event"))
    for (const std::string& value : row) everything += value + "\n";
  EXPECT_THAT(everything, Not(HasSubstr(kPassword)));
  EXPECT_THAT(everything, Not(HasSubstr(ann.cookie("stoa_refresh"))));
  EXPECT_THAT(everything, HasSubstr("$argon2id$v=19$m=65536,t=2,p=1$"));
  EXPECT_THAT(server.log(), Not(HasSubstr(kPassword)));
  EXPECT_THAT(server.log(), Not(HasSubstr(ann.token())));
}

// ---- Settings

TEST(AuthSettings, ClosedRegistration) {
  ServerOptions options = auth_only();
  options.environment["STOA__PLUGIN__AUTH__REGISTRATION"] = "closed";
  TestServer server(options);
  const Reply reply = server.client().post("/auth/register", TestServer::registration("ann"));
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.problem(), "forbidden");
  EXPECT_EQ(server.client().post("/auth/register", "{}").status, 403);
  server.create_admin();
}

TEST(AuthSettings, RequiredFields) {
  ServerOptions options = auth_only();
  options.environment["STOA__PLUGIN__AUTH__REQUIRED_FIELDS"] = "age,gender";
  TestServer server(options);
  Client client = server.client();
  const Reply reply = client.post(
      "/auth/register",
      object({{"nickname", "ann"}, {"email", "ann@example.test"}, {"password", kPassword}, {"gender", ""}}));
  EXPECT_EQ(reply.status, 422);
  EXPECT_THAT(reply.pointers(), UnorderedElementsAre("/age", "/gender"));
  Client ann = server.register_user("ann");
  const Reply emptied = ann.patch("/users/me", R"({"age":null})");
  EXPECT_EQ(emptied.status, 422);
  EXPECT_THAT(emptied.pointers(), ElementsAre("/age"));
  EXPECT_EQ(ann.patch("/users/me", R"({"first_name":null})").status, 200);
}

TEST(AuthSettings, PrivateForumLetsPeopleIn) {
  ServerOptions options = auth_only();
  options.environment["STOA__FORUM__PRIVATE"] = "true";
  TestServer server(options);
  server.create_admin();
  Client ann = server.register_user("ann");
  EXPECT_EQ(ann.get("/users/boss").status, 200);
  EXPECT_EQ(server.client().get("/users/boss").status, 401);
  server.login("ann", kPassword);
  EXPECT_EQ(
      server.client().post("/auth/refresh", object({{"refresh_token", ann.cookie("stoa_refresh")}})).status,
      200);
  EXPECT_EQ(ann.post("/auth/logout").status, 204);
}

TEST(AuthSettings, SecureCookiesBehindHttps) {
  ServerOptions options = auth_only();
  options.environment["STOA__HTTP__PUBLIC_URL"] = "https://forum.example.test";
  TestServer server(options);
  const Reply reply = server.client().post("/auth/register", TestServer::registration("ann"));
  for (const std::string& cookie : reply.all("Set-Cookie")) EXPECT_THAT(cookie, HasSubstr("; Secure"));
}

// ---- Limits

TEST(AuthLimits, LoginsOfOneAddress) {
  ServerOptions options = auth_only();
  options.limits = true;
  TestServer server(options);
  server.register_user("ann");
  Client client = server.client();
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(client.post("/auth/login", login_body("user" + std::to_string(i))).status, 401);
  const Reply reply = client.post("/auth/login", login_body("ann"));
  EXPECT_EQ(reply.status, 429) << reply;
  EXPECT_EQ(reply.problem(), "rate-limited");
  const int wait = std::stoi(reply.header("Retry-After"));
  EXPECT_GE(wait, 1);
  EXPECT_LE(wait, 60);
}

TEST(AuthLimits, FailuresOfOneAccount) {
  ServerOptions options = auth_only();
  options.limits = true;
  options.environment["STOA__PLUGIN__AUTH__LOGINS_PER_MINUTE"] = "1000";
  options.environment["STOA__PLUGIN__AUTH__LOGINS_PER_HOUR"] = "1000";
  TestServer server(options);
  server.register_user("ann");
  Client client = server.client();
  for (const char* name : {"ann", "nobody-here"}) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(client.post("/auth/login", login_body(name, "wrong")).status, 401);
    const Reply reply = client.post("/auth/login", login_body(name));
    EXPECT_EQ(reply.status, 429) << "also with the right password, and for those who do not exist";
    EXPECT_FALSE(reply.header("Retry-After").empty());
  }
}

TEST(AuthLimits, OffForLoadTests) {
  TestServer server(auth_only());
  Client client = server.client();
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(client.post("/auth/login", login_body("nobody", "wrong")).status, 401);
}

}  // namespace
