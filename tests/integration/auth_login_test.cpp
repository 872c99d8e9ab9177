// Registration, login and tokens: every route and every error it documents.
#include <atomic>
#include <thread>

#include "auth_fixture.hpp"

namespace stoa::harness {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

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

}  // namespace
}  // namespace stoa::harness
