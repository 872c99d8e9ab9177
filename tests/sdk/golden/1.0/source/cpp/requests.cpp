// All that a request tells, and what the host knows of who asks.
#include <string>

#include "conform.hpp"
#include "stoa/json.hpp"
#include "stoa/permissions.hpp"

namespace conform {
namespace {

stoa::Response echo(stoa::App& app, stoa::Request& request) {
  const auto held = stoa::Permissions(app.host()).held_by(request.user(), "conform.manage");
  stoa::Json json;
  json.begin_object().field("method", request.method()).field("path", request.path());
  json.field("peer", request.peer()).field("request_id", request.request_id());
  json.field("header", request.header("x-conform").value_or(""));
  json.field("cookie", request.cookie("conform").value_or(""));
  json.field("nothing", !request.header("X-Nothing")).field("allowed", request.allowed("conform.manage"));
  json.field("held", held ? "yes" : held.error().code == stoa::ErrorCode::unauthenticated ? "nobody" : "no");
  return stoa::json(200, json.end_object().take());
}

}  // namespace

void add_requests(stoa::App& app) {
  app.declare_permission("conform.manage", stoa::Role::moderator);
  app.get("/api/v1/x/conform/echo/{rest:str}", stoa::Auth::optional,
          [&app](stoa::Request& request) { return echo(app, request); });
  app.get("/api/v1/x/conform/me", stoa::Auth::user, [](stoa::Request& request) {
    return stoa::json(200, R"({"nickname":")" + std::string(request.require_user().nickname) + R"("})");
  });
  app.get("/api/v1/x/conform/manage", stoa::Auth::permitted("conform.manage"),
          [](stoa::Request&) { return stoa::no_content(); });
}

}  // namespace conform
