// One behaviour, whatever compiler, standard library or language a plugin was made with, and for every
// released binary.
#include <gmock/gmock.h>

#include "conform_fixture.hpp"

namespace stoa::harness {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

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
  if (GetParam().extent == Extent::routes_and_storage) return;
  EXPECT_TRUE(eventually([&] { return get("heard")["users"] == 2; })) << get("heard");
}

void ConformTest::deferred_answers() {
  Client stranger = server_.client();
  const Reply late = stranger.get("/x/conform/later?twice=1");
  EXPECT_EQ(late.status, 200) << late;
  EXPECT_EQ(late.body, R"({"later":true})");
  EXPECT_EQ(stranger.get("/x/conform/second").json()["taken"], false);
}

// What happens with a commit, and is not there without one.
void ConformTest::changes() {
  Client stranger = server_.client();
  const Reply added = stranger.post("/x/conform/items/changing", "{}");
  ASSERT_EQ(added.status, 201) << added;
  const std::string item = "items/" + std::to_string(added.json()["id"].integer());
  EXPECT_EQ(get(item)["name"], "changing");
  EXPECT_EQ(send("PATCH", item + "?name=hidden&keep=1"), 204);
  EXPECT_EQ(get(item)["name"], "changing");  // the kept answer, whose tag was not dropped
  EXPECT_EQ(send("PATCH", item + "?name=shown"), 204);
  EXPECT_EQ(get(item)["name"], "shown");
  EXPECT_EQ(get("commits")["committed"], 2);
  EXPECT_EQ(get("commits")["dropped"], 0);
  EXPECT_EQ(send("PATCH", item + "?name=never&fail=1"), 409);
  EXPECT_EQ(get(item)["name"], "shown");
  EXPECT_EQ(get("commits")["committed"], 2);
  EXPECT_EQ(get("commits")["dropped"], 1);

  const auto told_since = [&] {
    const auto socket = Socket::open(server_.client());
    socket->subscribe({"conform:items"}, added.json()["seq"].integer() - 1);
    return socket->wait_event("conform.item.created")["data"].dump();
  };
  EXPECT_THAT(told_since(), HasSubstr("changing"));
  EXPECT_EQ(send("DELETE", item + "/event"), 204);
  EXPECT_EQ(told_since(), "{}");
}

void ConformTest::writes_nobody_waits_for() {
  Client stranger = server_.client();
  const Reply late = stranger.post("/x/conform/items/patient/later");
  ASSERT_EQ(late.status, 201) << late;
  EXPECT_EQ(get("items/" + std::to_string(late.json()["id"].integer()))["name"], "patient");
  const Reply again = stranger.post("/x/conform/items/patient/later");
  EXPECT_EQ(again.status, 409) << again;
  EXPECT_EQ(again.problem(), "conflict");
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

  EXPECT_TRUE(
      eventually([&] { return get("presence/" + std::to_string(ann.user_id()))["presence"] == "online"; }));
  EXPECT_EQ(get("presence/4711")["presence"], "offline");
  EXPECT_EQ(member->ask(R"({"op":"wave","channel":"conform:members"})")["op"], "ok");
  EXPECT_EQ(ann.post("/x/conform/revoke").status, 204);
  const Json revoked = member->wait_op("unsubscribed");
  EXPECT_EQ(revoked["channels"].dump(), R"(["conform:members"])");
  EXPECT_EQ(member->ask(R"({"op":"wave","channel":"conform:members"})")["op"], "error");
}

void ConformTest::services() {
  Client ann = server_.login("ann", TestServer::kPassword);
  EXPECT_EQ(ann.get("/x/conform/sum?a=40&b=2").json()["sum"], 42);
  EXPECT_EQ(ann.get("/x/conform/who/Ann").json()["id"], ann.user_id());
  EXPECT_EQ(ann.get("/x/conform/who/nobody").status, 404);
}

void ConformTest::requests() {
  Client stranger = server_.client();
  Client ann = server_.login("ann", TestServer::kPassword);
  const Reply reply = ann.get("/x/conform/echo/a%20b", {{"X-CONFORM", "yes"}, {"Cookie", "conform=crumb"}});
  ASSERT_EQ(reply.status, 200) << reply;
  const Json all = reply.json();
  EXPECT_EQ(all["method"], "GET");
  EXPECT_EQ(all["path"], "/api/v1/x/conform/echo/a b");
  EXPECT_EQ(all["peer"], "127.0.0.1");
  EXPECT_EQ(all["request_id"], reply.header("X-Request-Id"));
  EXPECT_EQ(all["header"], "yes");
  EXPECT_EQ(all["cookie"], "crumb");
  EXPECT_EQ(all["nothing"], true);
  // By the request, and by whom it came from.
  EXPECT_EQ(all["allowed"], false);
  EXPECT_EQ(all["held"], "no");
  EXPECT_EQ(stranger.get("/x/conform/echo/a").json()["held"], "nobody");
  EXPECT_EQ(boss_->get("/x/conform/echo/a").json()["allowed"], true);
  EXPECT_EQ(boss_->get("/x/conform/echo/a").json()["held"], "yes");
}

void ConformTest::the_rest() {
  Client stranger = server_.client();
  Client ann = server_.login("ann", TestServer::kPassword);
  boss_.emplace(server_.create_admin());
  EXPECT_EQ(stranger.get("/x/conform/me").status, 401);
  EXPECT_EQ(ann.get("/x/conform/me").json()["nickname"], "ann");
  EXPECT_EQ(stranger.get("/x/conform/manage").status, 401);
  EXPECT_EQ(ann.get("/x/conform/manage").status, 403);
  EXPECT_EQ(boss_->get("/x/conform/manage").status, 204);
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
  const Json host = get("host");
  EXPECT_TRUE(host["name"].is_string());
  EXPECT_EQ(host["nothing"], true);
  EXPECT_THAT(server_.output(), HasSubstr("Conform greets at " + host["url"].text() + "/x/conform/hello\n"));
}

// The first attempt of each errand fails.
void ConformTest::queues() {
  ASSERT_EQ(send("POST", "errands"), 202);
  EXPECT_TRUE(eventually([&] { return get("errands")["done"] == 1; })) << get("errands");
  EXPECT_EQ(get("errands")["tried"], 2);
  ASSERT_EQ(send("POST", "errands?delay=200"), 202);
  EXPECT_TRUE(eventually([&] { return get("errands")["done"] == 2; })) << get("errands");
  EXPECT_EQ(get("errands")["tried"], 4);
  EXPECT_EQ(get("errands")["early"], 0);
  EXPECT_EQ(metric("stoa_plugin_errors_total{plugin=\"conform\",kind=\"job\"}"), 2);
}

void ConformTest::timers() {
  ASSERT_EQ(send("POST", "timers/once"), 202);
  EXPECT_TRUE(eventually([&] { return get("timers")["rung"] == 1; }));
  ASSERT_EQ(send("POST", "timers/often"), 202);
  EXPECT_TRUE(eventually([&] { return get("timers")["ticks"].integer() >= 2; }));
  EXPECT_TRUE(cancelled("often"));
  EXPECT_FALSE(cancelled("often"));
  ASSERT_EQ(send("POST", "timers/long"), 202);
  EXPECT_TRUE(eventually([&] { return get("timers")["begun"] == 1; }));
  EXPECT_EQ(get("timers")["told"], 0);
  EXPECT_TRUE(cancelled("long"));
  EXPECT_TRUE(eventually([&] { return get("timers")["told"] == 1; }));
  EXPECT_EQ(get("timers")["rung"], 1);
}

void ConformTest::metrics() {
  ASSERT_EQ(send("POST", "count?how=kindly"), 204);
  ASSERT_EQ(send("POST", "count?how=kindly"), 204);
  ASSERT_EQ(send("POST", "count"), 204);
  EXPECT_EQ(metric("stoa_conform_asked_total{how=\"kindly\"}"), 2);
  EXPECT_EQ(metric("stoa_conform_asked_total{how=\"plainly\"}"), 1);
  EXPECT_EQ(metric("stoa_conform_level"), 2.5);
  EXPECT_EQ(metric("stoa_conform_seconds_bucket{le=\"0.1\"}"), 0);
  EXPECT_EQ(metric("stoa_conform_seconds_bucket{le=\"1\"}"), 3);
  EXPECT_EQ(metric("stoa_conform_seconds_sum"), 1.5);
}

void ConformTest::settings() {
  const auto set = [&](const char* greeting) {
    return boss_->put("/admin/plugins/conform/settings", object({{"greeting", greeting}})).status;
  };
  ASSERT_EQ(set("Good day"), 200);
  EXPECT_EQ(get("settings")["greeting"], "Good day");
  EXPECT_EQ(get("configured")["times"], 1);
  EXPECT_EQ(set("Refused"), 409);
  EXPECT_EQ(get("settings")["greeting"], "Good day");
  EXPECT_EQ(get("configured")["times"], 1);
  ASSERT_EQ(set("Silence"), 200);  // it is not well with that, see lifecycle
}

void ConformTest::lifecycle() {
  const auto act = [&](const std::string& id, const std::string& what) {
    const Reply reply = boss_->post("/admin/plugins/" + id + "/" + what);
    EXPECT_EQ(reply.status, 200) << reply;
  };
  EXPECT_TRUE(eventually([&] { return get("neighbour")["available"] == 1; }));
  act("neighbour", "disable");
  EXPECT_TRUE(eventually([&] { return get("neighbour")["gone"] == 1; }));
  EXPECT_EQ(get("neighbour")["available"], 1);
  act("neighbour", "enable");
  EXPECT_TRUE(eventually([&] { return get("neighbour")["available"] == 2; }));

  // A run that goes on is told to end, and waited for.
  ASSERT_EQ(send("POST", "timers/long"), 202);
  EXPECT_TRUE(eventually([&] { return get("timers")["begun"] == 2; }));
  const int drained = times_logged("Conform drains.");
  act("conform", "disable");
  EXPECT_EQ(times_logged("Conform drains."), drained + 1);
  EXPECT_EQ(shown()["state"], "DISABLED");
  // It is asked whether it is well before it is let in.
  const Reply refused = boss_->post("/admin/plugins/conform/enable");
  EXPECT_EQ(refused.status, 409) << refused;
  EXPECT_THAT(refused.body, HasSubstr("There is nothing to greet with."));
  ASSERT_EQ(boss_->put("/admin/plugins/conform/settings", R"({"greeting":"Hello"})").status, 200);
  act("conform", "enable");
  EXPECT_TRUE(eventually([&] { return shown()["health"].is_object() && shown()["health"]["ok"] == true; }));
  EXPECT_EQ(get("timers")["begun"], 0);
  EXPECT_TRUE(eventually([&] { return get("neighbour")["available"] == 1; }));
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
    changes();
    writes_nobody_waits_for();
    realtime();
    services();
    the_rest();
    requests();
    queues();
    timers();
    metrics();
    settings();
    lifecycle();
  }
  if (GetParam().extent == Extent::every_table_and_exceptions) exceptions();
  EXPECT_EQ(server_.stop(), 0);
}

INSTANTIATE_TEST_SUITE_P(Plugins, ConformTest, ::testing::ValuesIn(variants()),
                         [](const auto& variant) { return variant.param.name; });

}  // namespace stoa::harness
