// A server that runs: what it announces, what its probes say, the modes of its files, and how it ends.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

unsigned mode_of(const fs::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777u : 0u;
}

Reply set_up(const TestServer& server, const std::string& token, const std::string& nickname) {
  Client stranger = server.client();
  return stranger.post("//setup", object({{"token", token},
                                          {"nickname", nickname},
                                          {"email", nickname + "@example.test"},
                                          {"password", TestServer::kPassword}}));
}

TEST(Running, TheLinkForTheFirstAdministratorWorksOnce) {
  TestServer server({.plugins = {"auth"}});
  const std::string earlier = server.setup_token();
  server.restart();
  const std::string token = server.setup_token();
  EXPECT_NE(token, earlier);
  EXPECT_GE(token.size(), 20u);
  EXPECT_THAT(server.output(),
              HasSubstr("http://localhost:" + std::to_string(server.port()) + "/setup?token="));
  EXPECT_THAT(server.log(), AllOf(Not(HasSubstr(token)), Not(HasSubstr(earlier)))) << "a secret in the log";
  EXPECT_EQ(set_up(server, earlier, "thief").status, 404);
  EXPECT_EQ(set_up(server, "", "thief").status / 100, 4);

  Reply replies[2];
  std::thread second([&] { replies[1] = set_up(server, token, "boss-2"); });
  replies[0] = set_up(server, token, "boss-1");
  second.join();
  EXPECT_EQ((replies[0].status == 201) + (replies[1].status == 201), 1) << replies[0] << replies[1];
  EXPECT_EQ(set_up(server, token, "boss-3").status, 404);
  server.restart();
  EXPECT_THAT(server.output(), Not(HasSubstr("/setup?token=")));
  EXPECT_EQ(set_up(server, token, "boss-3").status, 404);
}

TEST(Running, ProbesTellTheirState) {
  TestServer server({.plugins = {"auth", "posts"}});
  Client probe = server.client();
  const Reply health = probe.get("//healthz");
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.body, R"({"status":"ok"})");
  const Reply ready = probe.get("//readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.json()["status"], "ready");
  std::map<std::string, std::string> states;
  for (const Json& plugin : ready.json()["plugins"].items())
    states[plugin["id"].text()] = plugin["state"].text();
  const std::map<std::string, std::string> expected = {
      {"auth", "ACTIVE"}, {"posts", "ACTIVE"}, {"chat", "DISABLED"}, {"notification", "DISABLED"}};
  EXPECT_EQ(states, expected);
  for (const char* path : {"//healthz", "//readyz"}) {
    EXPECT_EQ(probe.head(path).status, 200);
    EXPECT_THAT(probe.get(path).header("Cache-Control"), HasSubstr("no-store"));
    EXPECT_EQ(probe.post(path, "{}").status, 405);
  }
}

TEST(Running, ItsFilesAreItsOwn) {
  TestServer server({.plugins = {"auth"}, .start = false});
  fs::create_directory(server.data_dir());
  fs::permissions(server.data_dir(), fs::perms(0755));
  server.start();
  server.register_user("ann");
  const fs::path data = server.data_dir();
  EXPECT_EQ(mode_of(data), 0700u);
  EXPECT_EQ(mode_of(data / "keys"), 0700u);
  int keys = 0;
  for (const auto& key : fs::directory_iterator(data / "keys")) {
    EXPECT_EQ(mode_of(key.path()), 0600u) << key.path();
    ++keys;
  }
  EXPECT_GT(keys, 0);
  EXPECT_TRUE(fs::is_socket(data / "stoa.sock"));
  EXPECT_EQ(mode_of(data / "stoa.sock"), 0600u);
  for (const char* file : {"stoa.db", "stoa.db-wal"}) EXPECT_EQ(mode_of(data / file) & 077u, 0u) << file;
  server.stop();
  EXPECT_FALSE(fs::exists(data / "stoa.sock"));
}

TEST(Running, EndsWithZeroAndFinishesWhatIsInFlight) {
  TestServer server({.plugins = {"auth", "slow"}, .start = false});
  const fs::path plugins = server.directory() / "plugins";
  fs::create_directory(plugins);
  fs::create_symlink(fs::path(STOA_BUNDLED_PLUGINS) / "auth.so", plugins / "auth.so");
  fs::create_symlink(fs::path(STOA_TEST_PLUGINS) / "slow.so", plugins / "slow.so");
  server.options().environment["STOA__PLUGINS__DIR"] = plugins.string();
  server.start();
  Client ann = server.register_user("ann");
  const auto socket = Socket::open(ann);
  Client idle = server.client();
  ASSERT_EQ(idle.get("//healthz").status, 200);

  constexpr int kRequests = 4;
  std::vector<std::thread> threads;
  std::vector<Reply> replies(kRequests);
  std::vector<fs::path> files;
  for (int i = 0; i < kRequests; ++i) files.push_back(server.directory() / ("go-" + std::to_string(i)));
  for (int i = 0; i < kRequests; ++i) {
    threads.emplace_back([&, i] {
      Client client = server.client();
      try {
        replies[i] = client.get("/x/slow/wait?for=" + files[i].string());
      } catch (const std::runtime_error& e) {
        replies[i].body = e.what();
      }
    });
  }
  for (const fs::path& file : files) {
    EXPECT_TRUE(eventually([&] { return fs::exists(file.string() + ".begun"); }));
  }
  server.signal(SIGTERM);
  EXPECT_TRUE(eventually([&] { return server.log().find("Stopping.") != std::string::npos; }));
  // Nobody new.
  EXPECT_TRUE(eventually([&] {
    try {
      Client late = server.client();
      return late.get("//healthz").status != 200;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
  for (const fs::path& file : files) std::ofstream(file) << "go";
  for (std::thread& thread : threads) thread.join();
  for (const Reply& reply : replies) {
    EXPECT_EQ(reply.status, 200) << reply;
    EXPECT_EQ(reply.body, R"({"waited":true})");
  }
  EXPECT_EQ(socket->wait_closed(), 1012);
  EXPECT_EQ(server.wait_ended(), 0);
  EXPECT_THAT(server.log(), Not(HasSubstr("level=error")));
  EXPECT_EQ(integrity_of(server.data_dir() / "stoa.db"), "ok");
  EXPECT_FALSE(fs::exists(server.data_dir() / "stoa.db-wal")) << "no checkpoint";
}

TEST(Running, CommandsTellWhatThereIs) {
  TestServer server;
  const Outcome routes = server.run({"routes"});
  EXPECT_EQ(routes.exit_code, 0) << routes.err;
  EXPECT_THAT(routes.out, HasSubstr("GET /api/v1/posts\n"));
  const Outcome help = server.run({"user", "--help"});
  EXPECT_EQ(help.exit_code, 0) << help.err;
  EXPECT_THAT(help.out, HasSubstr("user create"));
  EXPECT_THAT(help.out, Not(HasSubstr("posts")));
  EXPECT_EQ(server.run({"nonsense", "--help"}).exit_code, 64);
}

TEST(Running, EndsWithZeroOnAnInterruptToo) {
  TestServer server({.plugins = {"auth"}});
  server.signal(SIGINT);
  EXPECT_EQ(server.wait_ended(), 0);
  server.start();
  server.kill();
  server.start();  // over the control socket and lock that were left behind
}

}  // namespace
}  // namespace stoa::harness
