// Refresh, logout, sessions and passwords: every route and every error it documents.
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "auth_fixture.hpp"

namespace stoa::harness {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

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

}  // namespace
}  // namespace stoa::harness
