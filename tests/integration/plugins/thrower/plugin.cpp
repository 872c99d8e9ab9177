#include <stdexcept>
#include <string>

#include "stoa/stoa.hpp"

namespace {

// No wrapper between this and the host.
void throw_bare(void*, stoa_request*) {
  throw std::runtime_error("a bare secret of the thrower");
}
void throw_number(void*, stoa_request*) {
  throw 7;
}

void add_bare(stoa::App& app, const char* pattern, void (*handler)(void*, stoa_request*)) {
  const auto& host = app.host();
  stoa_route route{};
  route.size = sizeof route;
  route.auth = STOA_AUTH_NONE;
  route.method = stoa::detail::str("GET");
  route.pattern = stoa::detail::str(pattern);
  route.handler = handler;
  if (host.routes->add(host.ctx, &route) != STOA_OK) throw std::runtime_error(pattern);
}

}  // namespace

STOA_PLUGIN([](stoa::App& app) {
  app.get("/api/v1/x/thrower/wrapped", stoa::Auth::none, [](stoa::Request&) -> stoa::Response {
    throw std::runtime_error("a wrapped secret of the thrower");
  });
  app.get("/api/v1/x/thrower/fine", stoa::Auth::none, [](stoa::Request&) { return stoa::json(200, "{}"); });
  app.page("/x/thrower/page", "thrower.page",
           [](stoa::Request&) -> stoa::Result<stoa::Page> { throw std::runtime_error("a page's secret"); });
  add_bare(app, "/api/v1/x/thrower/bare", &throw_bare);
  add_bare(app, "/api/v1/x/thrower/number", &throw_number);
});
