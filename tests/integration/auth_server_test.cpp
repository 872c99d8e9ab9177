// Setup, commands, restarts, settings and limits: servers of their own.
#include <atomic>
#include <filesystem>
#include <thread>

#include "auth_fixture.hpp"

namespace stoa::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

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
}  // namespace stoa::harness
