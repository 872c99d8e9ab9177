// Profiles, administration of users and pages: every route and every error it documents.
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

}  // namespace
}  // namespace stoa::harness
