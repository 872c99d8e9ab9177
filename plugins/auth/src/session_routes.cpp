#include "session_routes.hpp"

#include "password_rules.hpp"
#include "stoa/json.hpp"
#include "web.hpp"

namespace stoa::auth {

namespace {
// Hashing waits its turn.
constexpr std::uint32_t kDeadlineMs = 30'000;
constexpr std::size_t kLongestToken = 200;
}  // namespace

SessionRoutes::SessionRoutes(App& app, SessionService& sessions, LoginService& logins,
                             AccountService& accounts, PasswordPool& pool, std::function<bool()> secure,
                             Counter counter)
    : app_(app),
      sessions_(sessions),
      logins_(logins),
      accounts_(accounts),
      pool_(pool),
      secure_(std::move(secure)),
      counter_(counter) {}

void SessionRoutes::add() {
  RouteOptions hashing = App::json_body();
  hashing.deadline_ms = kDeadlineMs;
  RouteOptions login = hashing;
  login.open = true;
  RouteOptions refresh;
  refresh.body = STOA_BODY_OPTIONAL_JSON;
  refresh.open = true;
  RouteOptions logout;
  logout.open = true;
  app_.post(
      "/api/v1/auth/login", Auth::none, [this](Request& r) { return this->login(r); }, login);
  app_.post(
      "/api/v1/auth/refresh", Auth::none, [this](Request& r) { return this->refresh(r); }, refresh);
  app_.post(
      "/api/v1/auth/logout", Auth::optional, [this](Request& r) { return this->logout(r); }, logout);
  app_.get("/api/v1/auth/sessions", Auth::user, [this](Request& r) { return list(r); });
  app_.del("/api/v1/auth/sessions", Auth::user, [this](Request& r) { return revoke_others(r); });
  app_.del("/api/v1/auth/sessions/{id:int}", Auth::user, [this](Request& r) { return revoke(r); });
  app_.post(
      "/api/v1/auth/password", Auth::user, [this](Request& r) { return change_password(r); }, hashing);
}

Response SessionRoutes::login(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  const std::string login = fields->text("login", {1, 320});
  const std::string password = secret_text(*fields, "password", kPasswordMax);
  if (auto ok = fields->finish(); !ok) return ok.error();

  const Caller caller = caller_of(request);
  auto attempt = logins_.begin_login(login, caller);
  if (!attempt) {
    counter_.add(1, {"throttled"});
    return attempt.error();
  }
  return on_pool(app_.host(), request, pool_,
                 [this, attempt = std::move(*attempt), password, caller]() -> Response {
                   const auto done = logins_.finish_login(attempt, password, caller);
                   counter_.add(1, {done ? "succeeded" : "refused"});
                   if (!done) return done.error();
                   return signed_in(200, *done, secure_());
                 });
}

Response SessionRoutes::refresh(Request& request) {
  std::string token(request.cookie(kRefreshCookie).value_or(""));
  if (!request.body().empty()) {
    auto fields = Fields::parse(request.body());
    if (!fields) return fields.error();
    if (fields->has("refresh_token")) token = secret_text(*fields, "refresh_token", kLongestToken);
    if (auto ok = fields->finish(); !ok) return ok.error();
  }
  const auto done = sessions_.refresh(token, caller_of(request));
  if (!done) return done.error();
  return signed_in(200, *done, secure_());
}

Response SessionRoutes::logout(Request& request) {
  const auto user = request.user();
  const auto done = user ? sessions_.logout(user->session)
                         : sessions_.logout_by_refresh_token(request.cookie(kRefreshCookie).value_or(""));
  if (!done) return done.error();
  return signed_out(secure_());
}

Response SessionRoutes::list(Request& request) {
  const User user = request.require_user();
  const auto rows = sessions_.list(user.id);
  if (!rows) return rows.error();
  Json body;
  body.begin_object().key("items").begin_array();
  for (const SessionRow& row : *rows) {
    body.begin_object()
        .field("id", row.id)
        .field("current", row.sid == user.session)
        .time_field("created_at", row.created_at)
        .time_field("last_used_at", row.last_used_at)
        .field("user_agent", row.user_agent)
        .field("address", row.address)
        .end_object();
  }
  return json(200, body.end_array().end_object().take());
}

Response SessionRoutes::revoke(Request& request) {
  const auto done = sessions_.revoke(request.require_user().id, request.id<SessionId>("id"));
  if (!done) return done.error();
  return no_content();
}

Response SessionRoutes::revoke_others(Request& request) {
  const User user = request.require_user();
  const auto done = sessions_.revoke_others(user.id, user.session);
  if (!done) return done.error();
  return no_content();
}

Response SessionRoutes::change_password(Request& request) {
  const User user = request.require_user();
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  const std::string current = secret_text(*fields, "current_password", kPasswordMax);
  const std::string next = secret_text(*fields, "new_password", kPasswordMax);
  const auto account = accounts_.find(user.id);
  if (!account) return account.error();
  std::vector<FieldError> faults;
  if (auto fault = logins_.password_faults(*account, next)) {
    fault->pointer = "/new_password";
    faults.push_back(std::move(*fault));
  }
  if (auto ok = finish(*fields, faults); !ok) return ok.error();
  if (auto begun = logins_.begin_password_change(user.id); !begun) return begun.error();
  return on_pool(app_.host(), request, pool_,
                 [this, id = user.id, sid = std::string(user.session), current, next]() -> Response {
                   const auto done = logins_.finish_password_change(id, sid, current, next);
                   if (!done) return done.error();
                   return no_content();
                 });
}

}  // namespace stoa::auth
