// What a plugin that crashes, fails or hangs costs the others: nothing.
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class Containment : public ::testing::Test {
 protected:
  explicit Containment(bool supervised = false) : server_({.supervised = supervised, .start = false}) {
    const fs::path directory = server_.directory() / "plugins";
    fs::create_directory(directory);
    for (const char* id : {"auth", "posts"})
      fs::create_symlink(fs::path(STOA_BUNDLED_PLUGINS) / (std::string(id) + ".so"),
                         directory / (std::string(id) + ".so"));
    fs::create_symlink(fs::path(STOA_TEST_PLUGINS) / "crasher.so", directory / "crasher.so");
    server_.options().environment["STOA__PLUGINS__DIR"] = directory.string();
    server_.options().plugins = {"auth", "posts", "crasher"};
    server_.start();
    boss_.emplace(server_.create_admin());
  }

  Json plugin(const std::string& id) {
    for (const Json& plugin : boss_->get("/admin/plugins").json()["items"].items()) {
      if (plugin["id"] == id) return plugin;
    }
    throw std::runtime_error("there is no plugin " + id);
  }
  bool ready() {
    try {
      return server_.client().get("//readyz").status == 200;
    } catch (const std::exception&) {
      return false;
    }
  }

  TestServer server_;
  std::optional<Client> boss_;
};

class Supervised : public Containment {
 protected:
  Supervised() : Containment(true) {}

  void crash(const std::string& how) {
    EXPECT_ANY_THROW(server_.client().get("/x/crasher/crash/" + how)) << how;
    ASSERT_TRUE(eventually([&] { return ready(); })) << how;
    boss_->disconnect();
  }
};

TEST_F(Supervised, ThreeCrashesLeaveThePluginOut) {
  const Reply post = boss_->post(
      "/posts", object({{"title", "Kept over crashes"}, {"body", "It is."}, {"category_ids", array({1})}}));
  ASSERT_EQ(post.status, 201) << post;
  crash("overflow");
  EXPECT_THAT(server_.log(), HasSubstr("in=\"/api/v1/x/crasher/crash/{how:str}\""));
  EXPECT_THAT(server_.log(), HasSubstr("signal=\"SIGSEGV\""));
  crash("thread");
  EXPECT_THAT(server_.log(), HasSubstr("in=\"a thread of its own\""));
  EXPECT_EQ(plugin("crasher")["state"], "ACTIVE");
  crash("abort");
  EXPECT_THAT(server_.log(), HasSubstr("signal=\"SIGABRT\""));

  EXPECT_EQ(plugin("crasher")["state"], "QUARANTINED");
  EXPECT_THAT(plugin("crasher")["last_error"].text(), HasSubstr("3 times within an hour"));
  const Reply gone = server_.client().get("/x/crasher/good");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.json()["type"], "/problems/plugin-disabled");
  EXPECT_EQ(server_.client().get("/posts/" + std::to_string(post.json()["id"].integer())).status, 200);
  server_.restart();
  EXPECT_EQ(plugin("crasher")["state"], "QUARANTINED");

  const Outcome reset = server_.run({"plugin", "reset", "crasher"});
  EXPECT_EQ(reset.exit_code, 0) << reset.err;
  EXPECT_EQ(reset.out, "crasher is ACTIVE\n");
  EXPECT_EQ(server_.client().get("/x/crasher/good").status, 200);
  EXPECT_NE(server_.run({"plugin", "reset", "posts"}).exit_code, 0);
}

TEST_F(Supervised, NothingOutlivesTheSupervisor) {
  const int port = server_.port();
  server_.kill();
  EXPECT_TRUE(eventually([&] {
    try {
      Client({"127.0.0.1", port}).get("//healthz");
      return false;
    } catch (const std::exception&) {
      return true;
    }
  }));
  server_.start();
  server_.signal(SIGTERM);
  EXPECT_EQ(server_.wait_ended(), 0);
  server_.start();
}

TEST_F(Containment, APluginThatFailsTooOftenIsPausedAndTriedAgain) {
  Client stranger = server_.client();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(stranger.get("/x/crasher/bad").status, 500);
  const Reply paused = stranger.get("/x/crasher/good");
  EXPECT_EQ(paused.status, 503) << paused;
  EXPECT_EQ(paused.json()["type"], "/problems/overloaded");
  EXPECT_GE(std::stoi(paused.header("Retry-After")), 1);
  EXPECT_THAT(paused.body, Not(HasSubstr("crasher")));
  EXPECT_THAT(plugin("crasher")["last_error"].text(), HasSubstr("paused"));
  EXPECT_EQ(stranger.get("/posts").status, 200);
  EXPECT_TRUE(eventually([&] { return stranger.get("/x/crasher/good").status == 200; }));
  EXPECT_EQ(stranger.get("/x/crasher/good").status, 200);
  EXPECT_TRUE(plugin("crasher")["last_error"].is_null());
}

TEST_F(Containment, AHandlerThatHangsIsAnsweredForAndNamed) {
  const fs::path file = server_.directory() / "enough";
  const Reply late = server_.client().get("/x/crasher/hang?until=" + file.string());
  EXPECT_EQ(late.status, 504);
  EXPECT_EQ(late.json()["type"], "/problems/timeout");
  EXPECT_EQ(plugin("crasher")["state"], "WEDGED");
  EXPECT_THAT(server_.log(), HasSubstr("route=\"GET /api/v1/x/crasher/hang\""));
  EXPECT_EQ(server_.client().get("/posts").status, 200);
  EXPECT_EQ(server_.client().get("/x/crasher/good").status, 200);
  std::ofstream(file) << "enough";
  EXPECT_TRUE(eventually([&] { return plugin("crasher")["state"] == "ACTIVE"; }));
}

TEST_F(Containment, ADeferredAnswerThatNeverComesIsNamed) {
  const Reply late = server_.client().get("/x/crasher/never");
  EXPECT_EQ(late.status, 504);
  const std::string_view words = "A deferred answer did not come before its deadline.";
  EXPECT_TRUE(eventually([&] { return server_.log().find(words) != std::string::npos; }));
  EXPECT_THAT(server_.log(), HasSubstr("route=\"GET /api/v1/x/crasher/never\""));
}

// Nobody who visits can do anything about it, or should know.
TEST_F(Containment, MistakesInWhatAPluginAsksOfStorageAreItsOwn) {
  for (const char* path : {"/x/crasher/foreign", "/x/crasher/queue"}) {
    const Reply reply = server_.client().get(path);
    EXPECT_EQ(reply.status, 500) << path;
    EXPECT_EQ(reply.json()["type"], "/problems/internal") << path;
    EXPECT_THAT(reply.body, Not(HasSubstr("posts_post"))) << path;
    EXPECT_THAT(reply.body, Not(HasSubstr("nothing"))) << path;
  }
  EXPECT_THAT(server_.log(), HasSubstr("It names \\\"posts_post\\\"."));
  EXPECT_THAT(server_.log(), HasSubstr("there is no queue"));
}

}  // namespace
}  // namespace stoa::harness
