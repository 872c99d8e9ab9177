// Routes. Include stoa.hpp instead.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "stoa/host.hpp"
#include "stoa/request.hpp"

namespace stoa {

using Handler = std::function<Response(Request&)>;

struct Auth {
  stoa_auth kind;
  std::string_view permission;

  static const Auth none;      // the answer does not depend on who asks
  static const Auth optional;  // a user if there is one
  static const Auth user;      // 401 without one
  static Auth permitted(std::string_view permission) { return {STOA_AUTH_PERMISSION, permission}; }
};
inline constexpr Auth Auth::none{STOA_AUTH_NONE, {}};
inline constexpr Auth Auth::optional{STOA_AUTH_OPTIONAL, {}};
inline constexpr Auth Auth::user{STOA_AUTH_USER, {}};

// Everything about a route besides its method, pattern and handler.
struct RouteOptions {
  stoa_body body = STOA_BODY_NONE;  // POST, PUT and PATCH helpers of App expect JSON unless told otherwise
  std::uint64_t body_limit = 0;     // bytes; 0: the host's default
  std::uint32_t deadline_ms = 0;    // 0: the host's default
  std::uint32_t rate_count = 0;     // requests per account or address …
  std::uint32_t rate_period_s = 0;  // … in so many seconds; 0: the host's default
  bool open = false;                // open to strangers even when the forum is private
};

namespace detail {

struct RouteCall {
  const Host* host;
  Handler handler;
  static void run(void* self, stoa_request* c) noexcept {
    auto& call = *static_cast<RouteCall*>(self);
    try {
      Request request(*call.host, c);
      const Response response = call.handler(request);
      if (response.is_deferred()) return;
      if (response.is_error()) {
        with_c(response.error(), [&](const stoa_error& e) { return call.host->routes->fail(c, &e); });
      } else {
        response.with_c([&](const stoa_response& r) { return call.host->routes->respond(c, &r); });
      }
    } catch (...) {
      call.host->log_exception("route");
      stoa_error e{};
      e.size = sizeof e;
      e.status = STOA_E_INTERNAL;
      call.host->routes->fail(c, &e);
    }
  }
};

// [create] The part of App that registers routes. Throws std::runtime_error on a broken description.
template <class App>
class Routes {
 public:
  void route(std::string_view method, std::string_view pattern, Auth auth, RouteOptions options,
             Handler handler) {
    auto& app = static_cast<App&>(*this);
    const Host& host = app.host();
    stoa_route c{};
    c.size = sizeof c;
    c.auth = auth.kind;
    c.method = str(method);
    c.pattern = str(pattern);
    c.permission = str(auth.permission);
    c.body = options.body;
    c.flags = options.open ? static_cast<std::uint32_t>(STOA_ROUTE_OPEN) : 0u;
    c.body_limit = options.body_limit;
    c.deadline_ms = options.deadline_ms;
    c.rate_count = options.rate_count;
    c.rate_period_s = options.rate_period_s;
    c.handler = &RouteCall::run;
    c.self = &app.template own<RouteCall>(RouteCall{&host, std::move(handler)});
    host.require(host.routes->add(host.ctx, &c));
  }
  void get(std::string_view pattern, Auth auth, Handler handler, RouteOptions options = {}) {
    route("GET", pattern, auth, options, std::move(handler));
  }
  void post(std::string_view pattern, Auth auth, Handler handler, RouteOptions options = json_body()) {
    route("POST", pattern, auth, options, std::move(handler));
  }
  void put(std::string_view pattern, Auth auth, Handler handler, RouteOptions options = json_body()) {
    route("PUT", pattern, auth, options, std::move(handler));
  }
  void patch(std::string_view pattern, Auth auth, Handler handler, RouteOptions options = json_body()) {
    route("PATCH", pattern, auth, options, std::move(handler));
  }
  void del(std::string_view pattern, Auth auth, Handler handler, RouteOptions options = {}) {
    route("DELETE", pattern, auth, options, std::move(handler));
  }
  static RouteOptions json_body() {
    RouteOptions options;
    options.body = STOA_BODY_JSON;
    return options;
  }
};

}  // namespace detail

}  // namespace stoa
