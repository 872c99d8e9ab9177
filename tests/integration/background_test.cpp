// Jobs, health and metrics of a running server.
#include <gmock/gmock.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class BackgroundTest : public ::testing::Test {
 protected:
  void start(std::vector<std::string> bundled = {"auth"}) {
    const fs::path directory = server_.directory() / "plugins";
    fs::create_directory(directory);
    for (const std::string& id : bundled)
      fs::create_symlink(fs::path(STOA_BUNDLED_PLUGINS) / (id + ".so"), directory / (id + ".so"));
    fs::create_symlink(fs::path(STOA_TEST_PLUGINS) / "jobber.so", directory / "jobber.so");
    bundled.emplace_back("jobber");
    server_.options().plugins = bundled;
    server_.options().environment["STOA__PLUGINS__DIR"] = directory.string();
    server_.start();
  }
  void set(const std::string& setting) {
    server_.options().environment["STOA__PLUGIN__JOBBER__" + setting] = "true";
  }
  int enqueue(const std::string& queue, const std::string& payload) {
    return server_.client().post("/x/jobber/" + queue + "?payload=" + payload).status;
  }
  std::vector<std::int64_t> ran() {
    std::vector<std::int64_t> all;
    Client client = server_.client();
    for (const Json& item : client.get("/x/jobber/ran").json()["items"].items())
      all.push_back(item.integer());
    return all;
  }
  // Its value; -1: it is not there.
  double metric(const std::string& sample) {
    std::istringstream lines(server_.client().get("//metrics").body);
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind(sample + " ", 0) == 0) return std::stod(line.substr(sample.size() + 1));
    }
    return -1;
  }

  TestServer server_{ServerOptions{.start = false}};
};

// ---- Jobs

TEST_F(BackgroundTest, WhatIsEnqueuedRunsInOrder) {
  start();
  for (int i = 1; i <= 20; ++i) ASSERT_EQ(enqueue("good", std::to_string(i)), 201);
  ASSERT_TRUE(eventually([&] { return ran().size() == 20; }));
  std::vector<std::int64_t> expected;
  for (int i = 1; i <= 20; ++i) expected.push_back(i);
  EXPECT_EQ(ran(), expected);
  EXPECT_TRUE(eventually([&] { return metric("stoa_jobs_waiting{plugin=\"jobber\"}") == 0; }));
  EXPECT_EQ(enqueue("nothing", "1"), 422);
}

TEST_F(BackgroundTest, AKilledServerRunsWhatWasLeft) {
  set("IDLE");
  start();
  ASSERT_EQ(enqueue("slow", "1"), 201);
  ASSERT_TRUE(eventually([&] { return ran().size() == 1; }));  // begun, and never ended
  for (int i = 2; i <= 5; ++i) ASSERT_EQ(enqueue("slow", std::to_string(i)), 201);
  server_.kill();
  server_.options().environment.erase("STOA__PLUGIN__JOBBER__IDLE");
  server_.start();
  ASSERT_TRUE(eventually([&] { return ran().size() == 6; }));
  EXPECT_EQ(ran(), (std::vector<std::int64_t>{1, 1, 2, 3, 4, 5}));
  EXPECT_TRUE(eventually([&] { return metric("stoa_jobs_waiting{plugin=\"jobber\"}") == 0; }));
}

// The run is told to end; its entry waits for the next start.
TEST_F(BackgroundTest, AStopDoesNotWaitForALongJob) {
  set("IDLE");
  start();
  ASSERT_EQ(enqueue("slow", "1"), 201);
  ASSERT_TRUE(eventually([&] { return ran().size() == 1; }));
  EXPECT_EQ(server_.stop(), 0);
  const auto left = server_.sql("SELECT owner, queue, payload, attempts FROM core_job");
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0], (std::vector<std::string>{"jobber", "slow", "1", "0"}));
}

TEST_F(BackgroundTest, WhatFailsForTheLastTimeIsParkedAndShown) {
  start();
  Client boss = server_.create_admin();
  ASSERT_EQ(enqueue("bad", "1"), 201);
  ASSERT_TRUE(eventually([&] { return metric("stoa_jobs_parked{plugin=\"jobber\"}") == 1; }));
  EXPECT_EQ(metric("stoa_plugin_errors_total{plugin=\"jobber\",kind=\"job\"}"), 2);
  EXPECT_THAT(server_.log(), AllOf(HasSubstr("A job failed for the last time and was parked."),
                                   HasSubstr("plugin=\"jobber\" queue=\"bad\"")));
  for (const Json& plugin : boss.get("/admin/plugins").json()["items"].items()) {
    if (plugin["id"] != "jobber") continue;
    EXPECT_EQ(plugin["jobs"]["parked"], 1);
    EXPECT_EQ(plugin["jobs"]["waiting"], 0);
  }
  // An operator may let it wait again; here it fails as before.
  EXPECT_EQ(server_.client().post("/admin/plugins/jobber/retry", "").status, 401);
  EXPECT_EQ(boss.post("/admin/plugins/nobody/retry", "").status, 404);
  EXPECT_EQ(boss.post("/admin/plugins/jobber/retry", "").status, 200);
  ASSERT_TRUE(
      eventually([&] { return metric("stoa_plugin_errors_total{plugin=\"jobber\",kind=\"job\"}") == 4; }));
  ASSERT_TRUE(eventually([&] { return metric("stoa_jobs_parked{plugin=\"jobber\"}") == 1; }));
  EXPECT_EQ(server_.run({"plugin", "retry", "jobber"}).exit_code, 0);
  ASSERT_TRUE(
      eventually([&] { return metric("stoa_plugin_errors_total{plugin=\"jobber\",kind=\"job\"}") == 6; }));
  ASSERT_TRUE(eventually([&] { return metric("stoa_jobs_parked{plugin=\"jobber\"}") == 1; }));
  server_.stop();
  EXPECT_NE(server_.run({"plugin", "retry", "jobber"}).exit_code, 0);
  const auto parked = server_.sql("SELECT attempts, parked_at IS NOT NULL FROM core_job");
  ASSERT_THAT(parked, SizeIs(1));
  EXPECT_EQ(parked[0], (std::vector<std::string>{"2", "1"}));
}

TEST_F(BackgroundTest, AQueueKeepsWhatComesWhileItsPluginIsOff) {
  set("IDLE");
  start();
  ASSERT_EQ(enqueue("slow", "1"), 201);
  server_.stop();
  server_.options().plugins = {"auth"};
  server_.options().environment.erase("STOA__PLUGIN__JOBBER__IDLE");
  server_.start();
  EXPECT_EQ(metric("stoa_jobs_waiting{plugin=\"jobber\"}"), 1);
  server_.stop();
  server_.options().plugins = {"auth", "jobber"};
  server_.start();
  EXPECT_TRUE(eventually([&] { return metric("stoa_jobs_waiting{plugin=\"jobber\"}") == 0; }));
}

// ---- Health

TEST_F(BackgroundTest, APluginThatIsNotWellIsShownAndServes) {
  set("SICK");
  start();
  Client boss = server_.create_admin();
  Client stranger = server_.client();
  const auto healthy = [&](const std::string& id) {
    const Reply reply = stranger.get("//readyz");
    EXPECT_EQ(reply.status, 200);
    EXPECT_THAT(reply.body, Not(HasSubstr("cold")));
    for (const Json& plugin : reply.json()["plugins"].items()) {
      if (plugin["id"] == id) return plugin["healthy"].boolean();
    }
    return false;
  };
  ASSERT_TRUE(eventually([&] { return !healthy("jobber"); }));
  EXPECT_TRUE(healthy("auth"));
  EXPECT_EQ(metric("stoa_plugin_healthy{plugin=\"jobber\"}"), 0);
  EXPECT_EQ(metric("stoa_plugin_healthy{plugin=\"auth\"}"), 1);
  for (const Json& plugin : boss.get("/admin/plugins").json()["items"].items()) {
    if (plugin["id"] != "jobber") continue;
    EXPECT_EQ(plugin["health"]["ok"], false);
    EXPECT_EQ(plugin["health"]["detail"], "The jobber has a cold.");
  }
  EXPECT_THAT(server_.log(), HasSubstr("A plugin is not well."));
  EXPECT_EQ(stranger.get("/x/jobber/ran").status, 200);
}

// ---- Metrics

// As a scraper reads it: each family once, head first, every line a sample of the family before it.
TEST_F(BackgroundTest, TheTextIsWellFormed) {
  start();
  ASSERT_EQ(enqueue("good", "1234567"), 201);
  const Reply reply = server_.client().get("//metrics");
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(reply.header("RateLimit"), "");
  const std::regex help("# HELP ([a-z_]+) .+");
  const std::regex type("# TYPE ([a-z_]+) (counter|gauge|histogram)");
  const std::regex sample(
      R"re(([a-z_]+?)(_bucket|_sum|_count)?(\{[a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*\})? [-+0-9.eInf]+)re");
  std::set<std::string> families, samples;
  std::string family;
  bool histogram = false;
  std::istringstream lines(reply.body);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, help)) {
      family = match[1];
      EXPECT_TRUE(families.insert(family).second) << family << " is there twice";
    } else if (std::regex_match(line, match, type)) {
      EXPECT_EQ(match[1], family);
      histogram = match[2] == "histogram";
      EXPECT_EQ(match[2] == "counter", family.ends_with("_total")) << line;
    } else {
      ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
      EXPECT_EQ(match[1], family) << line;
      EXPECT_EQ(match[2].matched, histogram) << line;
      EXPECT_TRUE(samples.insert(line.substr(0, line.rfind(' '))).second) << line << " is there twice";
    }
  }
  for (const char* name :
       {"stoa_http_requests_total", "stoa_http_request_seconds", "stoa_plugin_errors_total",
        "stoa_deferred_waiting", "stoa_worker_waiting", "stoa_worker_running", "stoa_storage_writes_waiting",
        "stoa_storage_commit_writes", "stoa_cache_hits_total", "stoa_cache_misses_total", "stoa_cache_bytes",
        "stoa_sockets_open", "stoa_events_published_total", "stoa_event_log_head",
        "stoa_process_resident_memory_bytes", "stoa_process_uptime_seconds", "stoa_jobs_waiting",
        "stoa_jobs_parked", "stoa_jobber_ticks_total"}) {
    EXPECT_TRUE(families.count(name)) << name;
  }
}

TEST_F(BackgroundTest, RequestsAreCountedByPluginAndStatusCachedOnesToo) {
  start({"auth", "posts"});
  const auto requests = [&](const std::string& plugin, const std::string& status) {
    return metric("stoa_http_requests_total{plugin=\"" + plugin + "\",status=\"" + status + "\"}");
  };
  Client stranger = server_.client();
  const double before = std::max(0.0, requests("posts", "2xx"));
  const double hits = metric("stoa_cache_hits_total");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(stranger.get("/categories").status, 200);
  EXPECT_EQ(requests("posts", "2xx"), before + 3);
  EXPECT_EQ(metric("stoa_cache_hits_total"), hits + 2);
  EXPECT_EQ(stranger.get("/posts/4711").status, 404);
  EXPECT_EQ(requests("posts", "4xx"), 1);
  EXPECT_EQ(metric("stoa_http_request_seconds_count{plugin=\"posts\"}"), before + 4);
  EXPECT_EQ(stranger.get("/nothing").status, 404);
  EXPECT_GE(requests("core", "4xx"), 1);
}

TEST_F(BackgroundTest, PluginsCountForThemselves) {
  start({"auth", "posts", "chat"});
  EXPECT_TRUE(eventually([&] { return metric("stoa_jobber_ticks_total{kind=\"steady\"}") >= 2; }));
  EXPECT_TRUE(eventually([&] { return metric("stoa_jobber_level") == 42; }));
  ASSERT_EQ(enqueue("good", "123"), 201);
  EXPECT_TRUE(eventually([&] { return metric("stoa_jobber_payload_bytes_bucket{le=\"8\"}") == 1; }));
  EXPECT_EQ(metric("stoa_jobber_payload_bytes_bucket{le=\"2\"}"), 0);
  EXPECT_EQ(metric("stoa_jobber_payload_bytes_sum"), 3);

  Client ann = server_.register_user("ann");
  Client bob = server_.register_user("bob");
  ann.post("/auth/login", object({{"login", "ann"}, {"password", "wrong password here"}}));
  server_.login("ann", TestServer::kPassword);
  EXPECT_EQ(metric("stoa_auth_logins_total{outcome=\"refused\"}"), 1);
  EXPECT_EQ(metric("stoa_auth_logins_total{outcome=\"succeeded\"}"), 1);
  const std::int64_t category = ann.get("/categories").json()["items"][0]["id"].integer();
  const Reply post = ann.post(
      "/posts", object({{"title", "Counted"}, {"body", "once"}, {"category_ids", array({category})}}));
  ASSERT_EQ(post.status, 201) << post;
  const std::string comments = "/posts/" + std::to_string(post.json()["id"].integer()) + "/comments";
  ASSERT_EQ(bob.post(comments, object({{"body", "and again"}})).status, 201);
  EXPECT_EQ(bob.post(comments, object({{"body", ""}})).status, 422);
  EXPECT_EQ(metric("stoa_posts_posts_created_total"), 1);
  EXPECT_EQ(metric("stoa_posts_comments_created_total"), 1);
  const Reply room = ann.post("/chat/conversations", object({{"member_ids", array({bob.user_id()})}}));
  const std::string messages =
      "/chat/conversations/" + std::to_string(room.json()["id"].integer()) + "/messages";
  ASSERT_EQ(ann.post(messages, object({{"body", "hello"}})).status, 201);
  EXPECT_EQ(metric("stoa_chat_messages_sent_total"), 1);

  server_.restart();
  EXPECT_EQ(metric("stoa_chat_messages_sent_total"), 0);
}

TEST_F(BackgroundTest, MetricsAreForThisMachineUnlessTheyArePublic) {
  start();
  const std::vector<Headers> proxied{
      {{"X-Forwarded-For", "127.0.0.1"}}, {{"Forwarded", "for=127.0.0.1"}}, {{"Via", "1.1 x"}}};
  for (const Headers& headers : proxied) {
    const Reply reply = server_.client().get("//metrics", headers);
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(reply.problem(), "forbidden");
  }
  EXPECT_EQ(server_.client().post("//metrics", "{}").status, 405);
  server_.stop();
  server_.options().environment["STOA__METRICS__PUBLIC"] = "true";
  server_.options().environment["STOA__FORUM__PRIVATE"] = "true";
  server_.start();
  for (const Headers& headers : proxied) EXPECT_EQ(server_.client().get("//metrics", headers).status, 200);
}

}  // namespace
}  // namespace stoa::harness
