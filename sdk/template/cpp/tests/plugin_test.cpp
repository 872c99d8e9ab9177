#include <stoa/checks.hpp>
#include <stoa/testing.hpp>

using stoa::testing::Host;

STOA_TEST(CountsWhoComesBy) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  STOA_EQUAL(ann.post("/api/v1/x/@ID@/visits").status, 204);
  STOA_EQUAL(host.stranger().get("/api/v1/x/@ID@/visits").body, R"({"visits":1})");
}

STOA_TEST(StrangersMayOnlyLook) {
  Host host({{STOA_TEST_PLUGIN}});
  STOA_EQUAL(host.stranger().post("/api/v1/x/@ID@/visits").status, 401);
}

STOA_TEST(GreetsAsTheOperatorLikes) {
  stoa::testing::Options options;
  options.plugins = {STOA_TEST_PLUGIN};
  options.settings["@ID@"] = R"({"greeting":"Ahoy"})";
  Host host(options);
  STOA_CHECK(host.stranger().get("/x/@ID@").body.find("<p>Ahoy, 0 came by.</p>") != std::string::npos);
}

STOA_TEST(KeepsItsDataAcrossARestart) {
  Host host({{STOA_TEST_PLUGIN}});
  host.user("ann").post("/api/v1/x/@ID@/visits");
  host.restart();
  STOA_EQUAL(host.stranger().get("/api/v1/x/@ID@/visits").body, R"({"visits":1})");
}

STOA_TEST(SaysSoWhenTheDiskIsFull) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  host.fail_writes("unavailable");
  STOA_EQUAL(ann.post("/api/v1/x/@ID@/visits").status, 503);
  STOA_EQUAL(host.stranger().get("/api/v1/x/@ID@/visits").body, R"({"visits":0})");
}

STOA_TEST_MAIN()
