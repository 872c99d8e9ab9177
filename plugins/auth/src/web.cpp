#include "web.hpp"

#include <algorithm>
#include <chrono>
#include <future>

#include "profile_json.hpp"

namespace stoa::auth {

namespace {

constexpr std::size_t kLongestAgent = 200;
// Who waited longer on the pool has given up, or will before the work is done.
constexpr std::chrono::seconds kLongestWait{10};

std::string cookie(std::string_view name, std::string_view value, std::int64_t max_age_s,
                   std::string_view attributes, bool secure) {
  std::string out(name);
  out.append("=").append(value).append("; Max-Age=").append(std::to_string(max_age_s));
  out.append("; HttpOnly; ").append(attributes);
  if (secure) out.append("; Secure");
  return out;
}

std::string access_cookie(std::string_view value, std::int64_t max_age_s, bool secure) {
  return cookie(kAccessCookie, value, max_age_s, "SameSite=Lax; Path=/", secure);
}

std::string refresh_cookie(std::string_view value, std::int64_t max_age_s, bool secure) {
  return cookie(kRefreshCookie, value, max_age_s, "SameSite=Strict; Path=/api/v1/auth", secure);
}

Error too_busy() {
  Error error{ErrorCode::overloaded, "Too many people are logging in at this moment."};
  error.retry_after_s = 2;
  return error;
}

}  // namespace

Caller caller_of(const Request& request) {
  Caller caller{std::string(request.peer()), std::string(request.header("User-Agent").value_or(""))};
  caller.user_agent.resize(std::min(caller.user_agent.size(), kLongestAgent));
  std::replace_if(
      caller.user_agent.begin(), caller.user_agent.end(), [](char c) { return c < 0x20 || c >= 0x7F; }, '?');
  return caller;
}

std::string secret_text(Fields& fields, std::string_view name, std::size_t max) {
  const auto* value = fields.take(name);
  if (!value || value->IsNull()) return fields.reject(name, "required", "is required"), std::string();
  if (!value->IsString()) return fields.reject(name, "type", "must be a string"), std::string();
  std::string text(value->GetString(), value->GetStringLength());
  if (code_points(text) > max)
    fields.reject(name, "too_long", "takes at most " + std::to_string(max) + " characters");
  return text;
}

Result<void> finish(Fields& fields, const std::vector<FieldError>& faults) {
  Result<void> shape = fields.finish();
  if (shape && faults.empty()) return shape;
  Error error = shape ? Error{ErrorCode::validation, "Some fields are not as they should be."}
                      : std::move(shape).error();
  for (const FieldError& fault : faults) {
    const bool known = std::any_of(error.fields.begin(), error.fields.end(),
                                   [&](const FieldError& field) { return field.pointer == fault.pointer; });
    if (!known) error.fields.push_back(fault);
  }
  return error;
}

Response signed_in(int status, const SignedIn& signed_in, bool secure) {
  Json body;
  body.begin_object()
      .raw_field("user", own_profile(signed_in.user))
      .field("access_token", signed_in.access_token)
      .field("token_type", "Bearer")
      .field("expires_in", signed_in.access_seconds)
      .end_object();
  return json(status, body.take())
      .header("Set-Cookie", access_cookie(signed_in.access_token, signed_in.access_seconds, secure))
      .header("Set-Cookie", refresh_cookie(signed_in.refresh_token, signed_in.refresh_seconds, secure));
}

Response signed_out(bool secure) {
  return no_content()
      .header("Set-Cookie", access_cookie("", 0, secure))
      .header("Set-Cookie", refresh_cookie("", 0, secure));
}

Response on_pool(const detail::Host& host, Request& request, PasswordPool& pool,
                 std::function<Response()> work) {
  using std::chrono::steady_clock;
  const Deferred answer = request.defer();
  const bool queued = pool.submit([&host, answer, work = std::move(work), since = steady_clock::now()] {
    try {
      const bool too_late = steady_clock::now() - since > kLongestWait;
      answer.complete(too_late ? Response(too_busy()) : work());
    } catch (...) {
      host.log_exception("password pool");
      answer.complete(Error{ErrorCode::internal, {}});
    }
  });
  if (!queued) answer.complete(too_busy());
  return Response::deferred();
}

Result<void> run_on_pool(PasswordPool& pool, const std::function<Result<void>()>& work) {
  auto promise = std::make_shared<std::promise<Result<void>>>();
  auto outcome = promise->get_future();
  const bool queued = pool.submit([promise, &work] {
    try {
      promise->set_value(work());
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  });
  if (!queued) return too_busy();
  promise.reset();
  return outcome.get();
}

}  // namespace stoa::auth
