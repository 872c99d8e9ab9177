// One behaviour, whatever compiler, standard library or language a plugin was made with, and for every
// released binary.
#include <gmock/gmock.h>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// How much of the suite a plugin implements.
enum class Extent { routes_and_storage, every_table, every_table_and_exceptions };

struct Variant {
  std::string name;
  fs::path file;
  Extent extent;

  friend void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.file; }
};

std::vector<Variant> variants() {
  const fs::path matrix = STOA_MATRIX;
  std::vector<Variant> all = {
      {"gxx", matrix / "gxx.so", Extent::every_table_and_exceptions},
      {"clangxx", matrix / "clangxx.so", Extent::every_table_and_exceptions},
      {"clangxx_libcxx", matrix / "libcxx.so", Extent::every_table_and_exceptions},
      {"gcc_c11", matrix / "gcc.so", Extent::every_table},
      {"clang_c11", matrix / "clang.so", Extent::every_table},
      {"rust", matrix / "rust.so", Extent::routes_and_storage},
  };
  for (const auto& release : fs::directory_iterator(STOA_GOLDEN)) {
    if (!release.is_directory()) continue;
    const std::string number = release.path().filename().string();
    std::string name = "release_" + number;
    name.replace(name.find('.'), 1, "_");
    all.push_back({name + "_cpp", release.path() / "conform_cpp.so", Extent::every_table_and_exceptions});
    all.push_back({name + "_c", release.path() / "conform_c.so", Extent::every_table});
  }
  return all;
}

class ConformTest : public ::testing::TestWithParam<Variant> {
 protected:
  void SetUp() override {
    if (!fs::exists(GetParam().file)) {
      // Only what makes it may be missing; released files are in the repository.
      ASSERT_TRUE(GetParam().name == "rust" || GetParam().name.rfind("clang", 0) == 0) << GetParam().file;
      GTEST_SKIP() << "its compiler is not on this machine";
    }
    const fs::path directory = server_.directory() / "plugins";
    fs::create_directory(directory);
    fs::create_symlink(fs::path(STOA_BUNDLED_PLUGINS) / "auth.so", directory / "auth.so");
    fs::create_symlink(GetParam().file, directory / "conform.so");
    server_.options().environment["STOA__PLUGINS__DIR"] = directory.string();
    server_.options().plugins = {"auth", "conform"};
    server_.start();
  }

  void routes_and_storage();
  void events();
  void deferred_answers();
  void realtime();
  void services();
  void the_rest();
  void exceptions();

  TestServer server_{ServerOptions{.start = false}};
};

void ConformTest::routes_and_storage() {
  Client stranger = server_.client();
  const Reply added = stranger.post("/x/conform/items/first?weight=2.5", R"({"a":[1,"ä"]})");
  ASSERT_EQ(added.status, 201) << added;
  EXPECT_GT(added.json()["seq"].integer(), 0);
  const std::string first = "/x/conform/items/" + std::to_string(added.json()["id"].integer());
  const Reply found = stranger.get(first);
  ASSERT_EQ(found.status, 200) << found;
  EXPECT_EQ(found.json()["name"], "first");
  EXPECT_EQ(found.json()["weight"].real(), 2.5);
  EXPECT_EQ(found.json()["data"].dump(), R"({"a":[1,"ä"]})");
  EXPECT_FALSE(found.header("ETag").empty());

  // NULL, a rejecting and a changing filter, a broken constraint, bad input, nothing there.
  const Reply light = stranger.post("/x/conform/items/plain", "{}");
  ASSERT_EQ(light.status, 201) << light;
  const Json changed =
      stranger.get("/x/conform/items/" + std::to_string(light.json()["id"].integer())).json();
  EXPECT_EQ(changed["name"], "changed");
  EXPECT_TRUE(changed["weight"].is_null());
  const Reply refused = stranger.post("/x/conform/items/refused", "{}");
  EXPECT_EQ(refused.status, 422) << refused;
  EXPECT_THAT(refused.pointers(), ElementsAre("/name"));
  EXPECT_EQ(stranger.post("/x/conform/items/first", "{}").status, 409);
  EXPECT_EQ(stranger.post("/x/conform/items/second", "{").status, 400);
  EXPECT_EQ(stranger.get("/x/conform/items/99").status, 404);
  EXPECT_EQ(stranger.get("/x/conform/items/first").status, 405);

  server_.restart();
  EXPECT_EQ(stranger.get(first).json()["name"], "first");
}

void ConformTest::events() {
  Client stranger = server_.client();
  server_.register_user("cleo");
  server_.register_user("dora");
  EXPECT_TRUE(eventually([&] { return stranger.get("/x/conform/seen").json()["users"] == 2; }))
      << stranger.get("/x/conform/seen");
}

void ConformTest::deferred_answers() {
  Client stranger = server_.client();
  const Reply late = stranger.get("/x/conform/later?twice=1");
  EXPECT_EQ(late.status, 200) << late;
  EXPECT_EQ(late.body, R"({"later":true})");
  EXPECT_EQ(stranger.get("/x/conform/second").json()["taken"], false);
}

void ConformTest::realtime() {
  Client ann = server_.register_user("ann");
  const auto listener = Socket::open(server_.client());
  const auto member = Socket::open(ann);
  listener->subscribe({"conform:items"});
  member->subscribe({"conform:items", "conform:members"});
  EXPECT_EQ(listener->ask(R"({"op":"subscribe","channels":["conform:members"]})")["op"], "error");
  EXPECT_EQ(member->ask(R"({"op":"subscribe","channels":["conform:nothing"]})")["op"], "error");
  ASSERT_EQ(ann.post("/x/conform/items/live", "{}").status, 201);
  EXPECT_EQ(listener->wait_event("conform.item.created")["data"]["name"], "live");
  EXPECT_EQ(member->ask(R"({"op":"wave","channel":"conform:items"})")["op"], "ok");
  EXPECT_EQ(listener->wait_ephemeral("conform.waved")["data"]["by"], "ann");
  EXPECT_EQ(member->ask(R"({"op":"dance","channel":"conform:items"})")["op"], "error");
}

void ConformTest::services() {
  Client ann = server_.login("ann", TestServer::kPassword);
  EXPECT_EQ(ann.get("/x/conform/sum?a=40&b=2").json()["sum"], 42);
  EXPECT_EQ(ann.get("/x/conform/who/Ann").json()["id"], ann.user_id());
  EXPECT_EQ(ann.get("/x/conform/who/nobody").status, 404);
}

void ConformTest::the_rest() {
  Client stranger = server_.client();
  Client ann = server_.login("ann", TestServer::kPassword);
  Client boss = server_.create_admin();
  EXPECT_EQ(stranger.get("/x/conform/me").status, 401);
  EXPECT_EQ(ann.get("/x/conform/me").json()["nickname"], "ann");
  EXPECT_EQ(stranger.get("/x/conform/manage").status, 401);
  EXPECT_EQ(ann.get("/x/conform/manage").status, 403);
  EXPECT_EQ(boss.get("/x/conform/manage").status, 204);
  EXPECT_EQ(stranger.get("/x/conform/settings").json()["greeting"], "Hello");
  EXPECT_EQ(stranger.get("/x/conform/random").json()["differ"], true);
  const Reply page = stranger.get("//x/conform/hello");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<p>Hello from a plugin</p>"));
  EXPECT_THAT(page.body, HasSubstr("Conform says hello"));
  const Outcome greeted = server_.run({"conform", "greet", "--name", "Ann"});
  EXPECT_EQ(greeted.exit_code, 0) << greeted.err;
  EXPECT_EQ(greeted.out, "Hello Ann.\n");
  EXPECT_EQ(server_.run({"conform", "greet", "--name", "Ann", "--loud"}).out, "HELLO Ann!\n");
  EXPECT_THAT(server_.log(), HasSubstr("Conform has started."));
}

void ConformTest::exceptions() {
  Client stranger = server_.client();
  EXPECT_EQ(stranger.get("/x/conform/throw").json()["what"], "caught inside");
  const Reply thrown = stranger.get("/x/conform/throw?outside=1");
  EXPECT_EQ(thrown.status, 500);
  EXPECT_THAT(thrown.body, Not(HasSubstr("secret")));
  EXPECT_THAT(server_.log(), HasSubstr("a secret"));
}

TEST_P(ConformTest, DoesWhatTheContractSays) {
  routes_and_storage();
  if (HasFatalFailure()) return;
  events();
  deferred_answers();
  if (GetParam().extent != Extent::routes_and_storage) {
    realtime();
    services();
    the_rest();
  }
  if (GetParam().extent == Extent::every_table_and_exceptions) exceptions();
  EXPECT_EQ(server_.stop(), 0);
}

INSTANTIATE_TEST_SUITE_P(Plugins, ConformTest, ::testing::ValuesIn(variants()),
                         [](const auto& variant) { return variant.param.name; });

}  // namespace
}  // namespace stoa::harness
