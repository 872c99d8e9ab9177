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
    if (!ctx->registering) return wrong_state(*ctx, "routes.add");
    if (!is_whole(route, STOA_ROUTE_SIZE_1_0))
      return argument(*ctx, "routes.add", "the route is missing or too small");
    RouteEntry entry;
    const auto method = http::method_from(view(route->method));
    if (!method || *method == http::Method::head || *method == http::Method::options) {
      return argument(*ctx, "routes.add", "the method must be GET, POST, PUT, PATCH or DELETE");
    }
    entry.method = *method;
    entry.pattern = view(route->pattern);
    auto segments = http::parse_pattern(entry.pattern);
    if (!segments) return argument(*ctx, "routes.add", segments.error().message);
    entry.segments = std::move(*segments);
    if (route->auth > STOA_AUTH_PERMISSION || route->body > STOA_BODY_OPTIONAL_JSON) {
      return argument(*ctx, "routes.add", "unknown auth or body kind");
    }
    entry.auth = route->auth;
    entry.permission = view(route->permission);
    if (entry.auth == STOA_AUTH_PERMISSION && entry.permission.empty()) {
      return argument(*ctx, "routes.add", "a permission is required");
    }
    entry.body = route->body;
    entry.open = (route->flags & STOA_ROUTE_OPEN) != 0;
    entry.body_limit = std::min(route->body_limit ? route->body_limit : kDefaultBodyLimit, kMaxBodyLimit);
    entry.deadline_ms =
        std::min(route->deadline_ms ? route->deadline_ms : kDefaultDeadlineMs, kMaxDeadlineMs);
    entry.rate = {route->rate_count, route->rate_period_s};
    if (!route->handler) return argument(*ctx, "routes.add", "a handler is required");
    entry.handler = route->handler;
    entry.self = route->self;
    ctx->contributions.routes.push_back(std::move(entry));
    return STOA_OK;
  });
}

constexpr stoa_str kNothing{nullptr, 0};

stoa_str method(const stoa_request* handle) {
  const stoa_request* request = request_of(handle, "routes.method");
  return request ? str(request->method) : kNothing;
}
stoa_str path(const stoa_request* handle) {
  const stoa_request* request = request_of(handle, "routes.path");
  return request ? str(request->path) : kNothing;
}
stoa_str param(const stoa_request* handle, stoa_str name) {
  const stoa_request* request = request_of(handle, "routes.param");
  if (!request) return kNothing;
  for (const auto& [key, value] : request->parameters) {
    if (key == view(name)) return str(value);
  }
  return kNothing;
}
stoa_str query(const stoa_request* handle, stoa_str name) {
  stoa_request* request = request_of(handle, "routes.query");
  auto value = request ? request->query(view(name)) : std::nullopt;
  return value ? request->keep(std::move(*value)) : kNothing;
}
stoa_str header(const stoa_request* handle, stoa_str name) {
  const stoa_request* request = request_of(handle, "routes.header");
  if (!request) return kNothing;
  const std::string_view value = request->header(view(name));
  return {value.data(), value.size()};
}
stoa_str cookie(const stoa_request* handle, stoa_str name) {
  const stoa_request* request = request_of(handle, "routes.cookie");
  if (!request) return kNothing;
  const auto value = http::cookie_value(request->header("Cookie"), view(name));
  return value ? stoa_str{value->data(), value->size()} : kNothing;
}
stoa_str body(const stoa_request* handle) {
  const stoa_request* request = request_of(handle, "routes.body");
  return request ? str(request->body()) : kNothing;
}
stoa_str peer(const stoa_request* handle) {
  const stoa_request* request = request_of(handle, "routes.peer");
  return request ? str(request->peer) : kNothing;
}
stoa_str request_id(const stoa_request* handle) {
  const stoa_request* request = request_of(handle, "routes.request_id");
  return request ? str(request->request_id) : kNothing;
}
const stoa_principal* user(const stoa_request* handle) {
  const stoa_request* request = request_of(handle, "routes.user");
  return request && request->user ? &request->user_c : nullptr;
}

// It was answered by its deadline: nothing that the plugin could know.
stoa_status too_late() {
  remember_error({ErrorCode::internal, "the request was answered already"});
  return STOA_E_STALE;
}

// A text that is promised to be one: JSON, or of a type that is text.
bool is_text_type(stoa_str type) {
  const std::string_view name = view(type);
  return name.empty() || name.substr(0, 5) == "text/" || name.find("json") != std::string_view::npos ||
         name.find("xml") != std::string_view::npos;
}

// What is wrong with an answer; empty: nothing.
std::string_view mistake(const Generation& who, const stoa_response* response) {
  if (!is_whole(response, STOA_RESPONSE_SIZE_1_0)) return "the response is missing or too small";
  if (response->header_count > 0 && !response->headers) return "the headers are missing";
  if (response->tag_count > 0 && !response->tags) return "the tags are missing";
  if (is_text_type(response->content_type) && !are_texts(who, {response->body}))
    return "the body is not UTF-8";
  const bool json = view(response->content_type).empty() && response->body.len > 0;
  if (json && !is_json(who, response->body, false)) return "the body is no JSON, and no other type is named";
  for (std::size_t i = 0; i < response->header_count; ++i) {
    if (!are_texts(who, {response->headers[i].key, response->headers[i].value}))
      return "a header is not UTF-8";
  }
  return {};
}
std::string_view mistake(const Generation& who, const stoa_error* error) {
  if (!is_whole(error)) return "the error is missing or too small";
  return are_texts(who, {error->message, error->current}) ? "" : "a text is not UTF-8";
}

std::string_view mistake(const Generation& who, const stoa_page_content* content) {
  if (!is_whole(content, STOA_PAGE_CONTENT_SIZE_1_0)) return "the content is missing or too small";
  if (content->tag_count > 0 && !content->tags) return "the tags are missing";
  const bool texts =
      are_texts(who, {content->title, content->description, content->canonical, content->html});
  if (!texts) return "a text is not UTF-8";
  return content->payload.len == 0 || is_json(who, content->payload, false) ? "" : "the payload is no JSON";
}

// Answers a running request once.
template <class What, class Give>
stoa_status answer(const stoa_request* handle, std::string_view call, const What* what, Give&& give) {
  return at_boundary(call, [&]() -> stoa_status {
    stoa_request* request = request_of(handle, call);
    if (!request) return STOA_E_STALE;
    const Generation& who = *request->owner;
    if (const std::string_view why = mistake(who, what); !why.empty()) return argument(who, call, why);
    if (request->given || request->deferred)
      return broken(who, STOA_E_STALE, call, "the request was answered or deferred already");
    request->given = true;
    return give(*request) ? stoa_status{STOA_OK} : too_late();
  });
}

stoa_status respond(stoa_request* handle, const stoa_response* response) {
  return answer(handle, "routes.respond", response,
                [&](stoa_request& request) { return request.respond(*response); });
}

stoa_status fail(stoa_request* handle, const stoa_error* error) {
  return answer(handle, "routes.fail", error,
                [&](stoa_request& request) { return request.fail(stoa::detail::from_c(*error)); });
}

stoa_status defer(stoa_request* handle, stoa_deferred* deferred) {
  return at_boundary("routes.defer", [&]() -> stoa_status {
    stoa_request* request = request_of(handle, "routes.defer");
    if (!request) return STOA_E_STALE;
    if (request->deferred || request->given || request->is_page() || !deferred)
      return wrong_state(*request->owner, "routes.defer", "is for routes, once, instead of an answer");
    request->deferred = true;
    *deferred = request->owner->host.deferreds->add(request->shared_from_this());
    return STOA_OK;
  });
}

stoa_status complete(stoa_ctx* ctx, stoa_deferred deferred, const stoa_response* response) {
  return at_boundary("routes.complete", [&]() -> stoa_status {
    if (const auto why = mistake(*ctx, response); !why.empty()) return argument(*ctx, "routes.complete", why);
    const RequestPtr request = ctx->host.deferreds->take(deferred, ctx);
    return request && request->respond(*response) ? stoa_status{STOA_OK} : too_late();
  });
}

stoa_status complete_error(stoa_ctx* ctx, stoa_deferred deferred, const stoa_error* error) {
  return at_boundary("routes.complete_error", [&]() -> stoa_status {
    if (const auto why = mistake(*ctx, error); !why.empty())
      return argument(*ctx, "routes.complete_error", why);
    const RequestPtr request = ctx->host.deferreds->take(deferred, ctx);
    return request && request->fail(stoa::detail::from_c(*error)) ? stoa_status{STOA_OK} : too_late();
  });
}

bool holds(const HostParts& host, const stoa_principal* who, std::string_view permission) {
  const SnapshotPtr snapshot = host.snapshot();
  const auto role = snapshot->permissions.find(permission);
  return who && role != snapshot->permissions.end() && who->role >= role->second;
}

int allowed(const stoa_request* handle, stoa_str permission) {
  const stoa_request* request = request_of(handle, "routes.allowed");
  if (!request) return 0;
  return holds(request->owner->host, request->user ? &request->user_c : nullptr, view(permission)) ? 1 : 0;
}

stoa_status declare(stoa_ctx* ctx, stoa_str permission, stoa_role lowest_role) {
  return at_boundary("permissions.declare", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state(*ctx, "permissions.declare");
    if (view(permission).rfind(ctx->id + ".", 0) != 0)
      return argument(*ctx, "permissions.declare", "must begin with the plugin's id");
    if (lowest_role < STOA_ROLE_MEMBER || lowest_role > STOA_ROLE_ADMIN)
      return argument(*ctx, "permissions.declare", "unknown role");
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
    if (!ctx->registering) return wrong_state(*ctx, "ui.page");
    if (!is_whole(page, STOA_PAGE_SIZE_1_0))
      return argument(*ctx, "ui.page", "the page is missing or too small");
    PageEntry entry{
        std::string(view(page->pattern)), {}, std::string(view(page->name)), page->handler, page->self};
    auto segments = http::parse_pattern(entry.pattern);
    if (!segments) return argument(*ctx, "ui.page", segments.error().message);
    entry.segments = std::move(*segments);
    if (!entry.handler) return argument(*ctx, "ui.page", "a handler is required");
    ctx->contributions.pages.push_back(std::move(entry));
    return STOA_OK;
  });
}

stoa_status render(stoa_request* handle, const stoa_page_content* content) {
  const stoa_request* request = request_of(handle, "ui.render");
  if (!request) return STOA_E_STALE;
  if (!request->is_page()) return wrong_state(*request->owner, "ui.render", "is for page handlers only");
  return answer(handle, "ui.render", content, [&](stoa_request& page) { return page.render(*content); });
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
