// What happens when plugins are left out, cannot be loaded, or misbehave.
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
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr int kConfiguration = 78;
const std::vector<std::string> kBundled = {"auth", "posts", "chat", "notification"};

// A server whose plugin directory is its own: a link to auth and to whatever is added. Every file that is
// there is read at each start, so nothing is there without need.
class PluginsTest : public ::testing::Test {
 protected:
  PluginsTest() {
    fs::create_directory(directory());
    link(STOA_BUNDLED_PLUGINS, "auth");
    server_.options().environment["STOA__PLUGINS__DIR"] = directory().string();
  }

  fs::path directory() const { return server_.directory() / "plugins"; }
  void link(const fs::path& from, const std::string& id) {
    fs::create_symlink(from / (id + ".so"), directory() / (id + ".so"));
  }
  void add_bundled(const std::vector<std::string>& ids = {"posts", "chat", "notification"}) {
    for (const std::string& id : ids) link(STOA_BUNDLED_PLUGINS, id);
  }
  void add(const std::string& id) { link(STOA_TEST_PLUGINS, id); }
  void write(const std::string& name, const std::string& bytes) {
    std::ofstream(directory() / name, std::ios::binary) << bytes;
  }
  static std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  void start(std::vector<std::string> enabled) {
    server_.options().plugins = std::move(enabled);
    server_.start();
  }
  void go_on_without() { server_.options().environment["STOA__PLUGINS__ON_FAILURE"] = "continue"; }
  // How `serve` ends that must not get as far as listening.
  Outcome refused(std::vector<std::string> enabled) {
    server_.options().plugins = std::move(enabled);
    const Outcome outcome = server_.run({"serve"});
    EXPECT_EQ(outcome.exit_code, kConfiguration) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome;
  }
  std::vector<std::string> listed() {
    Client stranger = server_.client();
    std::vector<std::string> ids;
    for (const Json& item : stranger.get("/plugins").json()["items"].items())
      ids.push_back(item["id"].text());
    return ids;
  }
  std::string state_of(const std::string& id) {
    Client stranger = server_.client();
    for (const Json& plugin : stranger.get("//readyz").json()["plugins"].items()) {
      if (plugin["id"] == id) return plugin["state"].text();
    }
    return "absent";
  }
  // Lines of the log that hold all of these.
  std::vector<std::string> logged(const std::vector<std::string>& parts) const {
    std::vector<std::string> lines;
    std::istringstream log(server_.log());
    for (std::string line; std::getline(log, line);) {
      const bool all = std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
        return line.find(part) != std::string::npos;
      });
      if (all) lines.push_back(line);
    }
    return lines;
  }

  TestServer server_{ServerOptions{.start = false}};
};

// ---- Left out

TEST_F(PluginsTest, WithoutChatThereIsNoTraceOfItAndNothingIsLost) {
  add_bundled();
  start(kBundled);
  Client ann = server_.register_user("ann");
  Client bob = server_.register_user("bob");
  const std::int64_t conversation =
      ann.post("/chat/conversations", object({{"member_ids", array({bob.user_id()})}}))
          .json()["id"]
          .integer();
  const std::string base = "/chat/conversations/" + std::to_string(conversation);
  ASSERT_EQ(ann.post(base + "/messages", object({{"body", "kept while chat is off"}})).status, 201);
  const std::string channel = "chat:" + std::to_string(conversation);
  EXPECT_GE(Socket::open(bob)->subscribe({channel}), 0);

  server_.stop();
  start({"auth", "posts", "notification"});
  EXPECT_THAT(listed(), UnorderedElementsAre("auth", "posts", "notification"));
  EXPECT_EQ(state_of("chat"), "DISABLED");
  for (const char* method : {"GET", "POST", "PATCH", "DELETE", "PUT"}) {
    for (const std::string& path : {std::string("/chat/contacts"), base, base + "/messages",
                                    std::string("/chat/nothing"), std::string("/chat")}) {
      const Reply reply = bob.send(method, path, std::nullopt, {});
      EXPECT_EQ(reply.status, 404) << method << ' ' << path;
      EXPECT_EQ(reply.problem(), "plugin-disabled") << method << ' ' << path;
    }
  }
  const auto socket = Socket::open(bob);
  const Json answer = socket->ask(R"({"op":"subscribe","channels":["posts",")" + channel + R"("]})");
  EXPECT_EQ(answer["op"], "error") << answer;
  EXPECT_EQ(answer["problem"]["type"], "/problems/plugin-disabled") << answer;
  for (const char* path : {"//messages", "//messages/1"}) {
    const Reply page = bob.get(path);
    EXPECT_EQ(page.status, 404) << path;
    EXPECT_THAT(page.body, Not(HasSubstr("/plugins/chat/"))) << path;
  }
  const Reply front = bob.get("//");
  EXPECT_EQ(front.status, 200);
  EXPECT_THAT(front.body, AllOf(Not(HasSubstr("/plugins/chat/")), Not(HasSubstr("\"chat\""))));
  const Json document = bob.get("/openapi.json").json();
  for (const std::string& path : document["paths"].names()) EXPECT_THAT(path, Not(HasSubstr("/chat/")));
  EXPECT_THAT(logged({"level=error"}), IsEmpty());

  server_.stop();
  start(kBundled);
  EXPECT_THAT(listed(), Contains("chat"));
  const Reply messages = bob.get(base + "/messages");
  ASSERT_EQ(messages.status, 200) << messages;
  ASSERT_EQ(messages.json()["items"].size(), 1u);
  EXPECT_EQ(messages.json()["items"][0]["body"], "kept while chat is off");
  EXPECT_EQ(bob.get("/chat/unread").json()["total"], 1);
}

TEST_F(PluginsTest, WhatOthersNeedCannotBeLeftOut) {
  add_bundled();
  const Outcome outcome = refused({"posts", "chat", "notification"});
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("auth"), HasSubstr("posts"), HasSubstr("chat"),
                                 HasSubstr("notification"), HasSubstr("needed by")));
}

TEST_F(PluginsTest, AuthAloneIsAForumOfNothing) {
  add_bundled();
  start({"auth"});
  Client ann = server_.register_user("ann");
  EXPECT_EQ(ann.get("/posts").problem(), "plugin-disabled");
  EXPECT_EQ(ann.get("/notifications").problem(), "plugin-disabled");
  EXPECT_EQ(ann.get("//").status, 404);
  EXPECT_EQ(ann.get("//u/ann").status, 200);
}

// ---- Cannot be loaded

TEST_F(PluginsTest, AnUnknownOneIsNamed) {
  const Outcome outcome = refused({"auth", "polls"});
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("polls"), HasSubstr("there is no file polls.so")));
}

TEST_F(PluginsTest, ATruncatedFileIsRefused) {
  const std::string whole = bytes_of(fs::path(STOA_TEST_PLUGINS) / "plainc.so");
  ASSERT_GT(whole.size(), 4'096u);
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{16}, std::size_t{63},
                                 std::size_t{64}, std::size_t{4'096}, whole.size() / 2, whole.size() - 1}) {
    write("plainc.so", whole.substr(0, size));
    const Outcome outcome = refused({"auth", "plainc"});
    EXPECT_THAT(outcome.err, HasSubstr("plainc.so")) << size;
  }
}

// Nothing that stands in the file may crash the start.
TEST_F(PluginsTest, ADamagedHeaderIsSurvived) {
  const std::string whole = bytes_of(fs::path(STOA_TEST_PLUGINS) / "plainc.so");
  // e_type, e_machine, e_shoff, e_shentsize, e_shnum, e_shstrndx.
  for (const std::size_t at : {16u, 18u, 40u, 44u, 47u, 58u, 60u, 62u}) {
    std::string bytes = whole;
    bytes[at] = '\xff';
    bytes[at + 1] = '\x7f';
    write("plainc.so", bytes);
    const Outcome outcome = refused({"auth", "plainc"});
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("plainc"), Not(HasSubstr("Sanitizer")))) << at;
  }
}

TEST_F(PluginsTest, ATextFileIsNoPlugin) {
  write("notes.so", "These are notes, not a shared library.\n");
  const Outcome outcome = refused({"auth", "notes"});
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("notes.so"), HasSubstr("not a shared library")));
}

TEST_F(PluginsTest, AForeignLibraryIsNoPlugin) {
  const std::string bytes = bytes_of("/proc/self/exe");
  write("foreign.so", bytes);
  const Outcome outcome = refused({"auth", "foreign"});
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("foreign.so"), HasSubstr(".note.stoa")));
}

TEST_F(PluginsTest, AnotherNameIsRefused) {
  fs::create_symlink(fs::path(STOA_TEST_PLUGINS) / "plainc.so", directory() / "other.so");
  const Outcome outcome = refused({"auth", "other"});
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("other"), HasSubstr("plainc")));
}

TEST_F(PluginsTest, BrokenFilesThatAreNotEnabledDoNoHarm) {
  add_bundled();
  write("notes.so", "text");
  add("badcreate");
  start(kBundled);
  EXPECT_EQ(listed().size(), 4u);
  EXPECT_THAT(logged({"notes.so"}), Not(IsEmpty()));
}

TEST_F(PluginsTest, ACircleIsRefused) {
  add("circle_a");
  add("circle_b");
  const Outcome outcome = refused({"auth", "circle_a", "circle_b"});
  EXPECT_THAT(outcome.err, ::testing::AnyOf(HasSubstr("circle_a -> circle_b -> circle_a"),
                                            HasSubstr("circle_b -> circle_a -> circle_b")));
}

TEST_F(PluginsTest, OneThatThrowsInCreateStopsTheStart) {
  add("badcreate");
  EXPECT_THAT(refused({"auth", "badcreate"}).err,
              AllOf(HasSubstr("badcreate"), HasSubstr("thrown by badcreate")));
}

TEST_F(PluginsTest, OneThatThrowsInStartStopsTheStart) {
  add("badstart");
  EXPECT_THAT(refused({"auth", "badstart"}).err,
              AllOf(HasSubstr("badstart"), HasSubstr("could not be started")));
}

// ---- plugins.on_failure = "continue"

TEST_F(PluginsTest, GoesOnWithoutThoseThatFail) {
  add_bundled({"posts", "chat"});
  add("badcreate");
  add("badstart");
  add("leaning");
  add("plainc");
  write("notes.so", "text");
  go_on_without();
  start({"auth", "badcreate", "notes", "badstart", "leaning", "posts", "plainc", "nowhere"});
  EXPECT_THAT(listed(), UnorderedElementsAre("auth", "posts", "plainc"));
  for (const char* id : {"badcreate", "badstart", "leaning", "notes", "nowhere"})
    EXPECT_EQ(state_of(id), "FAILED") << id;
  for (const char* id : {"auth", "posts", "plainc"}) EXPECT_EQ(state_of(id), "ACTIVE") << id;
  EXPECT_EQ(state_of("chat"), "DISABLED");
  Client boss = server_.create_admin();
  EXPECT_EQ(boss.get("/posts").status, 200);
  const Reply gone = boss.get("/x/badstart/hello");
  EXPECT_EQ(gone.status, 404);

  for (const Json& plugin : boss.get("/admin/plugins").json()["items"].items()) {
    const std::string id = plugin["id"].text();
    if (id == "badcreate") {
      EXPECT_THAT(plugin["last_error"].text(), HasSubstr("thrown by badcreate"));
    }
    if (id == "badstart") {
      EXPECT_THAT(plugin["last_error"].text(), HasSubstr("could not be started"));
    }
    if (id == "leaning") {
      EXPECT_THAT(plugin["last_error"].text(), HasSubstr("badstart"));
    }
    if (id == "nowhere") {
      EXPECT_THAT(plugin["last_error"].text(), HasSubstr("nowhere.so"));
    }
    if (id == "auth") {
      EXPECT_TRUE(plugin["last_error"].is_null());
    }
  }
}

// Nothing is started after it that would bring its state forward.
TEST_F(PluginsTest, TheLastOneMayFail) {
  add("badstart");
  go_on_without();
  start({"auth", "badstart"});
  EXPECT_EQ(state_of("badstart"), "FAILED");
  EXPECT_THAT(listed(), ElementsAre("auth"));
}

TEST_F(PluginsTest, WithoutAuthNothingThatNeedsItRuns) {
  add_bundled();
  go_on_without();
  start({"posts", "chat", "notification"});
  EXPECT_THAT(listed(), IsEmpty());
  for (const char* id : {"posts", "chat", "notification"}) EXPECT_EQ(state_of(id), "FAILED") << id;
  Client stranger = server_.client();
  EXPECT_EQ(stranger.get("//healthz").status, 200);
  EXPECT_EQ(stranger.get("/posts").status, 404);
}

// ---- Misbehaves

TEST_F(PluginsTest, WhatAHandlerThrowsStaysInside) {
  add_bundled({"posts"});
  add("thrower");
  start({"auth", "posts", "thrower"});
  Client ann = server_.register_user("ann");
  for (const char* path : {"/x/thrower/wrapped", "/x/thrower/bare", "/x/thrower/number"}) {
    const Reply reply = ann.get(path);
    EXPECT_EQ(reply.status, 500) << path;
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json") << path;
    EXPECT_EQ(reply.problem(), "internal") << path;
    EXPECT_EQ(reply.json()["request_id"], reply.header("X-Request-Id")) << path;
    EXPECT_THAT(reply.body, AllOf(Not(HasSubstr("secret")), Not(HasSubstr("thrower")))) << path;
    EXPECT_THAT(logged({"thrower", reply.header("X-Request-Id")}), Not(IsEmpty())) << path << '\n'
                                                                                   << server_.log();
    // The same connection and everybody else go on.
    EXPECT_EQ(ann.get("/x/thrower/fine").status, 200) << path;
    EXPECT_EQ(ann.get("/posts").status, 200) << path;
  }
  EXPECT_THAT(server_.log(), AllOf(HasSubstr("a wrapped secret"), HasSubstr("a bare secret")));
  const Reply page = ann.get("//x/thrower/page");
  EXPECT_EQ(page.status, 500);
  EXPECT_THAT(page.header("Content-Type"), HasSubstr("text/html"));
  EXPECT_THAT(page.body, Not(HasSubstr("secret")));
  EXPECT_EQ(state_of("thrower"), "ACTIVE");
}

// ---- In plain C

TEST_F(PluginsTest, APluginInPlainCAnswers) {
  add("plainc");
  start({"auth", "plainc"});
  EXPECT_THAT(listed(), UnorderedElementsAre("auth", "plainc"));
  Client stranger = server_.client();
  EXPECT_EQ(stranger.get("/x/plainc/hello").json()["hello"], "world");
  const Reply ann = stranger.get("/x/plainc/hello?name=Ann");
  EXPECT_EQ(ann.status, 200);
  EXPECT_EQ(ann.header("Content-Type"), "application/json");
  EXPECT_EQ(ann.body, R"({"hello":"Ann"})");
  const Reply wrong = stranger.get("/x/plainc/hello?name=%22");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.pointers(), ElementsAre("/name"));
  EXPECT_EQ(stranger.post("/x/plainc/hello", "{}").status, 405);
  EXPECT_THAT(logged({"Plain C says hello.", "plainc"}), Not(IsEmpty()));
}

}  // namespace
}  // namespace stoa::harness
