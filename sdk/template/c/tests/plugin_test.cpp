// The plugin is C; its tests use the test host, which is C++.
#include <stoa/checks.hpp>
#include <stoa/testing.hpp>

using stoa::testing::Host;

STOA_TEST(CountsWhoComesBy) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  STOA_EQUAL(ann.post("/api/v1/x/@ID@/visits").status, 204);
  STOA_EQUAL(host.stranger().get("/api/v1/x/@ID@/visits").body, R"({"visits":1})");
  STOA_CHECK(host.stranger().get("/x/@ID@").body.find("<p>1 came by.</p>") != std::string::npos);
}

STOA_TEST(StrangersMayOnlyLook) {
  Host host({{STOA_TEST_PLUGIN}});
  STOA_EQUAL(host.stranger().post("/api/v1/x/@ID@/visits").status, 401);
}

STOA_TEST(SaysSoWhenTheDiskIsFull) {
  Host host({{STOA_TEST_PLUGIN}});
  auto ann = host.user("ann");
  host.fail_writes("unavailable");
  STOA_EQUAL(ann.post("/api/v1/x/@ID@/visits").status, 503);
  STOA_EQUAL(host.stranger().get("/api/v1/x/@ID@/visits").body, R"({"visits":0})");
}

STOA_TEST_MAIN()
