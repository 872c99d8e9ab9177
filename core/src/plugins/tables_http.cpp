#include <algorithm>

#include "plugins/boundary.hpp"
#include "plugins/request.hpp"
#include "plugins/snapshot.hpp"
#include "plugins/tables.hpp"

namespace stoa::core::plugins {

namespace {

constexpr std::uint64_t kDefaultBodyLimit = 256 * 1024;
constexpr std::uint64_t kMaxBodyLimit = 64 * 1024 * 1024;
constexpr std::uint32_t kDefaultDeadlineMs = 10'000;
constexpr std::uint32_t kMaxDeadlineMs = 300'000;

stoa_status add_route(stoa_ctx* ctx, const stoa_route* route) {
  return at_boundary("routes.add", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state("routes.add");
    RouteEntry entry;
    const auto method = http::method_from(view(route->method));
    if (!method || *method == http::Method::head || *method == http::Method::options) {
      return argument("routes.add: the method must be GET, POST, PUT, PATCH or DELETE");
    }
    entry.method = *method;
    entry.pattern = view(route->pattern);
    auto segments = http::parse_pattern(entry.pattern);
    if (!segments) return argument("routes.add: " + segments.error().message);
    entry.segments = std::move(*segments);
    if (route->auth > STOA_AUTH_PERMISSION || route->body > STOA_BODY_OPTIONAL_JSON) {
      return argument("routes.add: unknown auth or body kind");
    }
    entry.auth = route->auth;
    entry.permission = view(route->permission);
    if (entry.auth == STOA_AUTH_PERMISSION && entry.permission.empty()) {
      return argument("routes.add: a permission is required");
    }
    entry.body = route->body;
    entry.open = (route->flags & STOA_ROUTE_OPEN) != 0;
    entry.body_limit = std::min(route->body_limit ? route->body_limit : kDefaultBodyLimit, kMaxBodyLimit);
    entry.deadline_ms =
        std::min(route->deadline_ms ? route->deadline_ms : kDefaultDeadlineMs, kMaxDeadlineMs);
    entry.rate = {route->rate_count, route->rate_period_s};
    if (!route->handler) return argument("routes.add: a handler is required");
    entry.handler = route->handler;
    entry.self = route->self;
    ctx->contributions.routes.push_back(std::move(entry));
    return STOA_OK;
  });
}

stoa_str maybe(const stoa_request* request, std::optional<std::string> text) {
  if (!text) return {nullptr, 0};
  return const_cast<stoa_request*>(request)->keep(std::move(*text));
}

stoa_str method(const stoa_request* request) {
  return str(request->method);
}
stoa_str path(const stoa_request* request) {
  return str(request->path);
}
stoa_str param(const stoa_request* request, stoa_str name) {
  for (const auto& [key, value] : request->parameters) {
    if (key == view(name)) return str(value);
  }
  return {nullptr, 0};
}
stoa_str query(const stoa_request* request, stoa_str name) {
  return maybe(request, request->query(view(name)));
}
stoa_str header(const stoa_request* request, stoa_str name) {
  const std::string_view value = request->header(view(name));
  return {value.data(), value.size()};
}
stoa_str cookie(const stoa_request* request, stoa_str name) {
  const auto value = http::cookie_value(request->header("Cookie"), view(name));
  return value ? stoa_str{value->data(), value->size()} : stoa_str{nullptr, 0};
}
stoa_str body(const stoa_request* request) {
  return str(request->body());
}
stoa_str peer(const stoa_request* request) {
  return str(request->peer);
}
stoa_str request_id(const stoa_request* request) {
  return str(request->request_id);
}
const stoa_principal* user(const stoa_request* request) {
  return request->user ? &request->user_c : nullptr;
}

stoa_status stale() {
  remember_error({ErrorCode::internal, "the request was answered already"});
  return STOA_E_STALE;
}

stoa_status respond(stoa_request* request, const stoa_response* response) {
  return at_boundary("routes.respond",
                     [&] { return request->respond(*response) ? stoa_status{STOA_OK} : stale(); });
}

stoa_status fail(stoa_request* request, const stoa_error* error) {
  return at_boundary("routes.fail", [&] {
    return request->fail(stoa::detail::from_c(*error)) ? stoa_status{STOA_OK} : stale();
  });
}

stoa_status defer(stoa_request* request, stoa_deferred* deferred) {
  return at_boundary("routes.defer", [&]() -> stoa_status {
    if (request->deferred || request->answered() || request->is_page()) return wrong_state("routes.defer");
    request->deferred = true;
    *deferred = request->owner->host.deferreds->add(request->shared_from_this());
    return STOA_OK;
  });
}

stoa_status complete(stoa_ctx* ctx, stoa_deferred deferred, const stoa_response* response) {
  return at_boundary("routes.complete", [&] {
    const RequestPtr request = ctx->host.deferreds->take(deferred);
    return request && request->respond(*response) ? stoa_status{STOA_OK} : stale();
  });
}

stoa_status complete_error(stoa_ctx* ctx, stoa_deferred deferred, const stoa_error* error) {
  return at_boundary("routes.complete_error", [&] {
    const RequestPtr request = ctx->host.deferreds->take(deferred);
    return request && request->fail(stoa::detail::from_c(*error)) ? stoa_status{STOA_OK} : stale();
  });
}

bool holds(const HostParts& host, const stoa_principal* who, std::string_view permission) {
  const SnapshotPtr snapshot = host.snapshot();
  const auto role = snapshot->permissions.find(permission);
  return who && role != snapshot->permissions.end() && who->role >= role->second;
}

int allowed(const stoa_request* request, stoa_str permission) {
  return holds(request->owner->host, user(request), view(permission)) ? 1 : 0;
}

stoa_status declare(stoa_ctx* ctx, stoa_str permission, stoa_role lowest_role) {
  return at_boundary("permissions.declare", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state("permissions.declare");
    if (view(permission).rfind(ctx->id + ".", 0) != 0)
      return argument("declare: must begin with the plugin's id");
    if (lowest_role < STOA_ROLE_MEMBER || lowest_role > STOA_ROLE_ADMIN)
      return argument("declare: unknown role");
    ctx->contributions.permissions.emplace(view(permission), lowest_role);
    return STOA_OK;
  });
}

stoa_status check(stoa_ctx* ctx, const stoa_principal* who, stoa_str permission) {
  return at_boundary("permissions.check", [&]() -> stoa_status {
    if (!who) return failed({ErrorCode::unauthenticated, "You are not logged in."});
    return holds(ctx->host, who, view(permission)) ? stoa_status{STOA_OK}
                                                   : failed({ErrorCode::forbidden, "You may not do this."});
  });
}

stoa_status add_page(stoa_ctx* ctx, const stoa_page* page) {
  return at_boundary("ui.page", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state("ui.page");
    PageEntry entry{
        std::string(view(page->pattern)), {}, std::string(view(page->name)), page->handler, page->self};
    auto segments = http::parse_pattern(entry.pattern);
    if (!segments) return argument("ui.page: " + segments.error().message);
    entry.segments = std::move(*segments);
    if (!entry.handler) return argument("ui.page: a handler is required");
    ctx->contributions.pages.push_back(std::move(entry));
    return STOA_OK;
  });
}

stoa_status render(stoa_request* request, const stoa_page_content* content) {
  return at_boundary("ui.render", [&]() -> stoa_status {
    if (!request->is_page()) return wrong_state("ui.render");
    return request->render(*content) ? stoa_status{STOA_OK} : stale();
  });
}

}  // namespace

const stoa_routes_v1* routes_table() {
  static const stoa_routes_v1 table = {sizeof table, 0,           &add_route,      &method,  &path,
                                       &param,       &query,      &header,         &cookie,  &body,
                                       &peer,        &request_id, &user,           &respond, &fail,
                                       &defer,       &complete,   &complete_error, &allowed};
  return &table;
}

const stoa_permissions_v1* permissions_table() {
  static const stoa_permissions_v1 table = {sizeof table, 0, &declare, &check};
  return &table;
}

const stoa_ui_v1* ui_table() {
  static const stoa_ui_v1 table = {sizeof table, 0, &add_page, &render};
  return &table;
}

}  // namespace stoa::core::plugins
