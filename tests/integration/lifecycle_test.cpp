// Plugins switched on and off, upgraded and given settings while the forum serves.
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// A forum whose configuration file enables its plugins, in a plugin directory of its own.
class Lifecycle : public ::testing::Test {
 protected:
  Lifecycle() : server_({.start = false}) {
    fs::create_directory(directory());
    for (const char* id : {"auth", "posts", "chat", "notification"})
      fs::create_symlink(fs::path(STOA_BUNDLED_PLUGINS) / (std::string(id) + ".so"),
                         directory() / (std::string(id) + ".so"));
    server_.options().environment["STOA__PLUGINS__DIR"] = directory().string();
    configure({"auth", "posts", "chat", "notification"});
    server_.start();
    boss_.emplace(server_.create_admin());
  }

  fs::path directory() const { return server_.directory() / "plugins"; }
  void configure(const std::vector<std::string>& enabled, const std::string& more = "") {
    std::ostringstream text;
    text << "[plugins]\nenabled = [";
    for (const std::string& id : enabled) text << '"' << id << "\", ";
    text << "]\n" << more;
    const fs::path fresh = server_.directory() / "stoa.toml.new";
    std::ofstream(fresh) << text.str();
    fs::rename(fresh, server_.directory() / "stoa.toml");
  }
  // As an operator would: beside it, then in its place.
  void install(int version) {
    const fs::path from = fs::path(STOA_TEST_PLUGINS) / ("swapper_" + std::to_string(version)) / "swapper.so";
    fs::copy_file(from, directory() / "swapper.new", fs::copy_options::overwrite_existing);
    fs::rename(directory() / "swapper.new", directory() / "swapper.so");
  }
  Reply act(const std::string& id, const std::string& what) {
    return boss_->post("/admin/plugins/" + id + "/" + what);
  }
  std::string state_of(const std::string& id) {
    for (const Json& plugin : boss_->get("/admin/plugins").json()["items"].items()) {
      if (plugin["id"] == id) return plugin["state"].text();
    }
    return "absent";
  }
  std::vector<std::string> listed() {
    std::vector<std::string> ids;
    for (const Json& item : server_.client().get("/plugins").json()["items"].items())
      ids.push_back(item["id"].text());
    return ids;
  }
  std::string problem(const Reply& reply) { return reply.json()["type"].text(); }
  std::int64_t write_post(Client& author, const std::string& title) {
    const Reply reply = author.post(
        "/posts", object({{"title", title}, {"body", "Something to read."}, {"category_ids", array({1})}}));
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.json()["id"].integer();
  }

  TestServer server_;
  std::optional<Client> boss_;
};

TEST_F(Lifecycle, ADisabledPluginIsGoneAndComesBackWithEverything) {
  Client ada = server_.register_user("ada");
  const Reply conversation =
      boss_->post("/chat/conversations", object({{"member_ids", array({ada.user_id()})}}));
  ASSERT_EQ(conversation.status, 201) << conversation;
  const std::string id = std::to_string(conversation.json()["id"].integer());
  const std::string messages = "/chat/conversations/" + id + "/messages";
  ASSERT_EQ(boss_->post(messages, object({{"body", "kept"}})).status, 201);
  auto socket = Socket::open(ada);
  socket->subscribe({"chat:" + id, "posts"});

  ASSERT_EQ(act("notification", "disable").status, 200);
  const Reply off = act("chat", "disable");
  ASSERT_EQ(off.status, 200) << off;
  EXPECT_EQ(off.json()["state"], "DISABLED");
  EXPECT_EQ(off.json()["id"], "chat");

  EXPECT_THAT(listed(), Not(Contains("chat")));
  const Reply gone = ada.get(messages);
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(problem(gone), "/problems/plugin-disabled");
  const Json told = socket->wait_op("unsubscribed");
  EXPECT_EQ(told["reason"], "plugin-disabled");
  EXPECT_EQ(told["channels"].items().at(0), "chat:" + id);
  const Json changed = socket->wait([](const Json& frame) {
    return frame.has("type") && frame["type"] == "plugins.changed" && frame["data"]["items"].size() == 2;
  });
  EXPECT_EQ(changed["channels"].items().at(0), "system");
  EXPECT_EQ(socket->ask(object({{"op", "typing"}, {"channel", "chat:" + id}, {"state", "start"}}))["op"],
            "error");
  EXPECT_THAT(ada.get("/openapi.json").body, Not(HasSubstr("/chat/contacts")));

  ASSERT_EQ(act("chat", "enable").status, 200);
  socket->wait([](const Json& frame) {
    return frame.has("type") && frame["type"] == "plugins.changed" && frame["data"]["items"].size() == 3;
  });
  EXPECT_EQ(ada.get(messages).json()["items"].items().at(0)["body"], "kept");
  socket->subscribe({"chat:" + id});
  ASSERT_EQ(boss_->post(messages, object({{"body", "again"}})).status, 201);
  EXPECT_EQ(socket->wait_event("chat.message.created")["data"]["body"], "again");
  EXPECT_FALSE(socket->is_closed());
}

TEST_F(Lifecycle, WhatWasChangedHereIsThereAfterARestart) {
  ASSERT_EQ(act("notification", "disable").status, 200);
  server_.restart();
  EXPECT_THAT(listed(), Not(Contains("notification")));
  EXPECT_EQ(state_of("notification"), "DISABLED");
  const Outcome enabled = server_.run({"plugin", "enable", "notification"});
  EXPECT_EQ(enabled.exit_code, 0) << enabled.err;
  EXPECT_EQ(enabled.out, "notification is ACTIVE\n");
  EXPECT_THAT(listed(), Contains("notification"));
  server_.stop();
  EXPECT_EQ(server_.run({"plugin", "disable", "chat"}).exit_code, 0);
  server_.start();
  EXPECT_THAT(listed(), Not(Contains("chat")));
  EXPECT_THAT(listed(), Contains("notification"));
}

TEST_F(Lifecycle, WhatIsNeededStaysAndTheReasonIsGiven) {
  const Reply refused = act("auth", "disable");
  EXPECT_EQ(refused.status, 409) << refused;
  EXPECT_THAT(refused.json()["detail"].text(), HasSubstr("posts"));
  EXPECT_EQ(act("nothing", "enable").status, 404);
  EXPECT_EQ(act("nothing", "disable").status, 404);
  EXPECT_EQ(act("nothing", "upgrade").status, 409);
  EXPECT_EQ(server_.client().post("/admin/plugins/chat/disable").status, 401);
  Client ada = server_.register_user("ada");
  EXPECT_EQ(ada.post("/admin/plugins/chat/disable").status, 403);
  EXPECT_EQ(state_of("chat"), "ACTIVE");
  std::ofstream(directory() / "broken.so") << "no library";
  const Reply broken = act("broken", "enable");
  EXPECT_EQ(broken.status, 409) << broken;
  EXPECT_THAT(broken.json()["detail"].text(), HasSubstr("broken.so"));
}

TEST_F(Lifecycle, WhatTheEnvironmentSaysIsNotChanged) {
  server_.stop();
  server_.options().plugins = {"auth", "posts"};
  server_.start();
  const Reply refused = act("chat", "enable");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.json()["detail"].text(), HasSubstr("STOA__PLUGINS__ENABLED"));
  EXPECT_THAT(listed(), Not(Contains("chat")));
}

TEST_F(Lifecycle, TheConfigurationFileIsFollowed) {
  configure({"auth", "posts"});
  EXPECT_TRUE(eventually([&] { return listed().size() == 2; }));
  configure({"auth", "posts", "chat"});
  server_.signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return listed().size() == 3; }));
  // What cannot be is said, and changes nothing.
  configure({"posts", "chat"});
  EXPECT_TRUE(eventually([&] { return server_.log().find("needed by") != std::string::npos; }));
  EXPECT_EQ(listed().size(), 3u);
  configure({"auth", "posts", "chat"}, "[http]\nprot = 1\n");
  EXPECT_TRUE(eventually([&] { return server_.log().find("prot") != std::string::npos; }));
  configure({"auth", "posts", "chat"}, "[http]\nworkers = 12\n");
  EXPECT_TRUE(eventually([&] {
    return server_.log().find("key=http.workers") != std::string::npos ||
           server_.log().find("key=\"http.workers\"") != std::string::npos;
  }));
  EXPECT_EQ(listed().size(), 3u);
}

TEST_F(Lifecycle, AnUpgradeTakesTheNewFile) {
  install(1);
  ASSERT_EQ(act("swapper", "enable").status, 200);
  Client ada = server_.register_user("ada");
  auto socket = Socket::open(ada);
  socket->subscribe({"swapper:1"});
  auto other = Socket::open(*boss_);
  other->subscribe({"swapper:1"});
  EXPECT_EQ(ada.get("/x/swapper/version").json()["version"], 1);
  EXPECT_THAT(ada.get("//swapper").body, HasSubstr("\"version\":1"));
  write_post(ada, "Before the upgrade");
  EXPECT_EQ(act("swapper", "upgrade").json()["state"], "ACTIVE");  // the same file
  EXPECT_EQ(ada.get("/x/swapper/version").json()["version"], 1);

  install(2);
  const Reply upgraded = act("swapper", "upgrade");
  ASSERT_EQ(upgraded.status, 200) << upgraded;
  EXPECT_EQ(ada.get("/x/swapper/version").json()["version"], 2);
  EXPECT_EQ(ada.get("/x/swapper/later").json()["version"], 2);
  EXPECT_THAT(ada.get("//swapper").body, HasSubstr("\"version\":2"));
  other->send(R"({"op":"say","channel":"swapper:1"})");
  EXPECT_EQ(socket->wait_ephemeral("swapper.echo")["data"]["version"], 2);
  write_post(ada, "After the upgrade");
  EXPECT_TRUE(eventually([&] { return ada.get("/x/swapper/seen").json()["all"] == 2; }));
  EXPECT_EQ(ada.get("/x/swapper/seen").json()["different"], 2);
}

TEST_F(Lifecycle, AFailedUpgradeLeavesTheOldOneServing) {
  install(2);
  ASSERT_EQ(act("swapper", "enable").status, 200);
  for (const auto& [version, why] : {std::pair{3, "version 3 never starts"}, std::pair{4, "0003_drop"}}) {
    install(version);
    const Reply failed = act("swapper", "upgrade");
    EXPECT_EQ(failed.status, 409) << failed;
    EXPECT_THAT(failed.json()["detail"].text(), HasSubstr(why));
    EXPECT_EQ(server_.client().get("/x/swapper/version").json()["version"], 2);
    EXPECT_EQ(state_of("swapper"), "ACTIVE");
  }
  std::ofstream(directory() / "swapper.so") << "no library";
  EXPECT_EQ(act("swapper", "upgrade").status, 409);
  fs::remove(directory() / "swapper.so");
  EXPECT_EQ(act("swapper", "upgrade").status, 409);
  EXPECT_EQ(server_.client().get("/x/swapper/version").json()["version"], 2);
  Client ada = server_.register_user("ada");
  write_post(ada, "Still seen");
  EXPECT_TRUE(eventually([&] { return ada.get("/x/swapper/seen").json()["all"] == 1; }));
}

TEST_F(Lifecycle, MissedEventsAreCaughtUp) {
  install(1);
  ASSERT_EQ(act("swapper", "enable").status, 200);
  Client ada = server_.register_user("ada");
  write_post(ada, "The first one");
  EXPECT_TRUE(eventually([&] { return ada.get("/x/swapper/seen").json()["all"] == 1; }));
  ASSERT_EQ(act("swapper", "disable").status, 200);
  for (int i = 0; i < 3; ++i) write_post(ada, "Written meanwhile " + std::to_string(i));
  ASSERT_EQ(act("swapper", "enable").status, 200);
  EXPECT_TRUE(eventually([&] { return ada.get("/x/swapper/seen").json()["all"] == 4; }));
  EXPECT_EQ(ada.get("/x/swapper/seen").json()["different"], 4);
}

TEST_F(Lifecycle, SettingsAreCheckedKeptAndTakenUp) {
  for (int version : {1, 2}) {
    install(version);
    ASSERT_EQ(act("swapper", version == 1 ? "enable" : "upgrade").status, 200);
    const std::string greeting = "hi " + std::to_string(version);
    const Reply set =
        boss_->put("/admin/plugins/swapper/settings", object({{"greeting", greeting}, {"key", "sesame"}}));
    ASSERT_EQ(set.status, 200) << set;
    EXPECT_EQ(set.json()["greeting"], greeting);
    EXPECT_EQ(set.json()["size"], 3);
    EXPECT_FALSE(set.json().has("key"));
    const Json now = server_.client().get("/x/swapper/version").json();
    EXPECT_EQ(now["version"], version);
    EXPECT_EQ(now["settings"]["greeting"], greeting);
    EXPECT_EQ(now["settings"]["key"], "sesame");
  }
  const Reply wrong = boss_->put("/admin/plugins/swapper/settings", R"({"size":99})");
  EXPECT_EQ(wrong.status, 422) << wrong;
  EXPECT_EQ(wrong.json()["errors"].items().at(0)["pointer"], "/size");
  EXPECT_EQ(boss_->put("/admin/plugins/swapper/settings", R"({"nothing":1})").status, 422);
  EXPECT_EQ(boss_->put("/admin/plugins/swapper/settings", "[]").status, 422);
  const Reply refused = boss_->put("/admin/plugins/swapper/settings", R"({"greeting":"refuse"})");
  EXPECT_EQ(refused.status, 409) << refused;
  EXPECT_EQ(boss_->get("/admin/plugins/swapper/settings").json()["greeting"], "hi 2");
  // A secret that is left out stays.
  ASSERT_EQ(boss_->put("/admin/plugins/swapper/settings", R"({"greeting":"there","size":5})").status, 200);
  server_.restart();
  const Json kept = server_.client().get("/x/swapper/version").json()["settings"];
  EXPECT_EQ(kept["greeting"], "there");
  EXPECT_EQ(kept["key"], "sesame");
  EXPECT_EQ(kept["size"], 5);
  EXPECT_THAT(boss_->get("/admin/plugins").body, Not(HasSubstr("sesame")));
}

// Its threads are those a new run would have.
TEST_F(Lifecycle, WhatHangsIsNotSwitchedOnAgainBeforeItHasEnded) {
  fs::create_symlink(fs::path(STOA_TEST_PLUGINS) / "crasher.so", directory() / "crasher.so");
  ASSERT_EQ(act("crasher", "enable").status, 200);
  const fs::path file = server_.directory() / "enough";
  EXPECT_EQ(server_.client().get("/x/crasher/hang?until=" + file.string()).status, 504);
  EXPECT_EQ(act("crasher", "disable").json()["state"], "WEDGED");
  const Reply refused = act("crasher", "enable");
  EXPECT_EQ(refused.status, 409) << refused;
  EXPECT_THAT(refused.json()["detail"].text(), HasSubstr("have not ended"));
  std::ofstream(file) << "enough";
  EXPECT_TRUE(eventually([&] { return act("crasher", "enable").status == 200; }));
  EXPECT_EQ(server_.client().get("/x/crasher/good").status, 200);
}

}  // namespace
}  // namespace stoa::harness
