// Bad plugins in a running server: it goes on, says which plugin it was, and tells clients nothing of its
// inside. Those that take the whole process down are not among them.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class BadPluginsTest : public ::testing::Test {
 protected:
  BadPluginsTest() {
    fs::create_directory(directory());
    fs::create_symlink(fs::path(STOA_BUNDLED_PLUGINS) / "auth.so", directory() / "auth.so");
    server_.options().environment["STOA__PLUGINS__DIR"] = directory().string();
    server_.options().environment["STOA__PLUGINS__ON_FAILURE"] = "continue";
  }

  fs::path directory() const { return server_.directory() / "plugins"; }
  void start_with(const std::vector<std::string>& plugins) {
    for (const std::string& id : plugins) {
      if (!fs::exists(directory() / (id + ".so")))
        fs::create_symlink(fs::path(STOA_CORPUS) / (id + ".so"), directory() / (id + ".so"));
    }
    server_.options().plugins = plugins;
    server_.options().plugins.insert(server_.options().plugins.begin(), "auth");
    server_.start();
  }
  void expect_alive() {
    Client stranger = server_.client();
    EXPECT_EQ(stranger.get("//healthz").status, 200);
  }
  std::string state_of(const std::string& id) {
    Client stranger = server_.client();
    for (const Json& plugin : stranger.get("//readyz").json()["plugins"].items()) {
      if (plugin["id"] == id) return plugin["state"].text();
    }
    return "absent";
  }
  // What a plugin leaks is its own; a leak sanitizer would end the host with an error for it.
  void tolerate_leaks_of(const std::string& plugin) {
    const fs::path suppressions = server_.directory() / "leaks.txt";
    std::ofstream(suppressions) << "leak:/" + plugin + "-\n";
    server_.options().environment["LSAN_OPTIONS"] =
        "print_suppressions=0:suppressions=" + suppressions.string();
  }
  // Whether one line of the log holds all of these.
  bool logged(const std::vector<std::string>& parts) const {
    std::istringstream log(server_.log());
    for (std::string line; std::getline(log, line);) {
      const auto holds = [&](const std::string& part) { return line.find(part) != std::string::npos; };
      if (std::all_of(parts.begin(), parts.end(), holds)) return true;
    }
    return false;
  }

  TestServer server_{ServerOptions{.start = false}};
};

TEST_F(BadPluginsTest, ThoseThatCannotStartAreLeftOutAndNamed) {
  const std::string whole = read(fs::path(STOA_CORPUS) / "no_answer.so");
  const auto spoil = [&](const char* id, std::size_t offset, const std::string& bytes) {
    std::string copy = whole;
    copy.replace(offset, bytes.size(), bytes);
    std::ofstream(directory() / (std::string(id) + ".so"), std::ios::binary) << copy;
  };
  std::ofstream(directory() / "truncated.so", std::ios::binary) << whole.substr(0, whole.size() / 2);
  spoil("other_machine", 18, std::string("\x28\x00", 2));
  spoil("other_major", whole.find(std::string("Stoa\0\0\0\0", 8)) + 12, std::string("\x02\x00\x00\x00", 4));
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"truncated", "truncated"},
      {"other_machine", "another machine"},
      {"other_major", "ABI 2"},
      {"no_entry", "stoa_plugin_v1"},
      {"missing_symbol", "bees::forgotten(int)"},
      {"wrong_major_inside", "another ABI"},
      {"size_zero", "its size is 0"},
      {"null_slots", "create and destroy are required"},
      {"bad_settings", "limit"},
      {"throws_create", "a secret of throws_create"},
      {"throws_start", "a secret of throws_start"},
      {"half_migration", "0001_halves"},
      {"foreign_migration", "0001_foreign"},
  };
  std::vector<std::string> ids;
  for (const auto& [id, why] : bad) ids.push_back(id);
  start_with(ids);
  expect_alive();
  EXPECT_EQ(state_of("auth"), "ACTIVE");
  Client boss = server_.create_admin();
  std::map<std::string, std::string> errors;
  for (const Json& plugin : boss.get("/admin/plugins").json()["items"].items()) {
    if (!plugin["last_error"].is_null()) errors[plugin["id"].text()] = plugin["last_error"].text();
  }
  Client stranger = server_.client();
  for (const auto& [id, why] : bad) {
    SCOPED_TRACE(id);
    EXPECT_EQ(state_of(id), "FAILED");
    EXPECT_THAT(errors[id], HasSubstr(why));
    EXPECT_TRUE(logged({"plugin=\"" + id + "\"", "level=error"}));
    EXPECT_EQ(stranger.get("/x/" + id + "/fine").status, 404);
  }
  EXPECT_THAT(stranger.get("//readyz").body, Not(HasSubstr("secret")));
  server_.stop();
  // Nothing is left of a migration that broke in the middle.
  EXPECT_THAT(
      server_.sql("SELECT name FROM sqlite_master WHERE name LIKE 'half_migration%' OR name LIKE '%foreign%' "
                  "OR name LIKE 'somebody%'"),
      IsEmpty());
}

TEST_F(BadPluginsTest, WhatTheyThrowStaysInside) {
  start_with({"throws_handler", "throws_page", "throws_subscriber", "throws_authorize", "throws_operate",
              "throws_command", "throws_configure", "throws_health", "throws_timer", "throws_queue"});
  Client ann = server_.register_user("ann");
  const Reply reply = ann.get("/x/throws_handler/go");
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.problem(), "internal");
  EXPECT_THAT(reply.body, AllOf(Not(HasSubstr("secret")), Not(HasSubstr("throws_handler"))));
  EXPECT_TRUE(logged({"throws_handler", reply.header("X-Request-Id"), "a secret"}));
  const Reply page = ann.get("//x/throws_page/page");
  EXPECT_EQ(page.status, 500);
  EXPECT_THAT(page.body, Not(HasSubstr("secret")));

  const auto socket = Socket::open(ann);
  const Json refused = socket->ask(R"({"op":"subscribe","channels":["throws_authorize:1"]})");
  EXPECT_EQ(refused["op"], "error");
  EXPECT_THAT(refused.dump(), Not(HasSubstr("secret")));
  socket->subscribe({"throws_operate:1"});
  const Json broken = socket->ask(R"({"op":"wave","channel":"throws_operate:1"})");
  EXPECT_EQ(broken["op"], "error");
  EXPECT_THAT(broken.dump(), Not(HasSubstr("secret")));

  const Outcome command = server_.run({"throws_command", "go"});
  EXPECT_NE(command.exit_code, 0);
  EXPECT_THAT(command.err, Not(HasSubstr("secret")));

  // On a thread of the host.
  EXPECT_EQ(ann.get("/x/throws_queue/go").status, 200);
  for (const std::string id : {"throws_timer", "throws_queue"})
    EXPECT_TRUE(eventually([&] {
      return logged({id, "threw an exception: a secret of " + id});
    })) << server_.log();

  // Five times, then the event is parked: with its plugin's name.
  EXPECT_TRUE(eventually([&] {
    return logged({"throws_subscriber", "parked"}) || logged({"throws_subscriber", "passed over"});
  })) << server_.log();
  expect_alive();
  for (const char* id : {"throws_handler", "throws_page", "throws_subscriber", "throws_authorize",
                         "throws_operate", "throws_command", "throws_timer", "throws_queue"}) {
    EXPECT_EQ(state_of(id), "ACTIVE") << id;
    EXPECT_EQ(ann.get("/x/" + std::string(id) + "/fine").status, 200) << id;
  }
}

TEST_F(BadPluginsTest, AFilterThatThrowsIsPassedOver) {
  fs::create_symlink(fs::path(STOA_BUNDLED_PLUGINS) / "posts.so", directory() / "posts.so");
  start_with({"posts", "throws_filter"});
  Client boss = server_.create_admin();
  const Reply category = boss.post("/categories", object({{"name", "Bees"}}));
  ASSERT_EQ(category.status, 201) << category;
  const Reply post = boss.post(
      "/posts",
      object({{"title", "A title"}, {"body", "A body"}, {"category_ids", array({category.json()["id"]})}}));
  // It asked to be passed over: on_error open.
  EXPECT_EQ(post.status, 201) << post;
  EXPECT_TRUE(logged({"throws_filter"})) << server_.log();
  expect_alive();
}

TEST_F(BadPluginsTest, ThoseThatBreakTheContractHarmNobody) {
  tolerate_leaks_of("leaked_memory");
  start_with({"double_answer", "stale_token", "foreign_sql", "invalid_utf8", "no_answer", "leaked_thread",
              "leaked_descriptor", "leaked_memory", "late_registration", "trusting"});
  Client ann = server_.register_user("ann");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ann.get("/x/double_answer/go").body, R"({"answer":1})");
    EXPECT_EQ(ann.get("/x/stale_token/go").status, 200);
    EXPECT_EQ(ann.get("/x/foreign_sql/go").body, R"({"deleted":false})");
    const Reply silent = ann.get("/x/no_answer/go");
    EXPECT_EQ(silent.status, 500);
    EXPECT_THAT(silent.body, Not(HasSubstr("no_answer")));
    EXPECT_EQ(ann.get("/x/trusting/go").status, 200);
    ann.get("/x/invalid_utf8/go");
  }
  EXPECT_TRUE(logged({"no_answer"}));
  EXPECT_EQ(ann.get("/x/late_registration/late").status, 404);
  for (const char* id :
       {"double_answer", "stale_token", "foreign_sql", "invalid_utf8", "no_answer", "leaked_thread",
        "leaked_descriptor", "leaked_memory", "late_registration", "trusting"}) {
    EXPECT_EQ(state_of(id), "ACTIVE") << id;
    EXPECT_EQ(ann.get("/x/" + std::string(id) + "/fine").status, 200) << id;
  }
  EXPECT_EQ(server_.login("ann", TestServer::kPassword).user_id(), ann.user_id());
  EXPECT_EQ(server_.stop(), 0);
}

TEST_F(BadPluginsTest, AHangingHandlerCostsItsCallerOnly) {
  start_with({"hangs_handler"});
  Client ann = server_.register_user("ann");
  const Reply late = ann.get("/x/hangs_handler/go");
  EXPECT_EQ(late.status, 504);
  EXPECT_THAT(late.body, Not(HasSubstr("hangs_handler")));
  EXPECT_TRUE(eventually([&] { return logged({"hangs_handler"}); })) << server_.log();
  EXPECT_EQ(ann.get("/x/hangs_handler/fine").status, 200);
  expect_alive();
  // A thread that never comes back makes every orderly stop wait for its whole deadline.
  server_.kill();
}

TEST_F(BadPluginsTest, WhatTheyThrowAtTheEndIsContained) {
  start_with({"throws_drain", "throws_stop"});
  EXPECT_EQ(server_.stop(), 0);
  EXPECT_TRUE(logged({"throws_stop", "a secret of throws_stop"})) << server_.log();
}

}  // namespace
}  // namespace stoa::harness
