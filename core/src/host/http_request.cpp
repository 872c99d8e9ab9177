#include "host/http_request.hpp"

#include <algorithm>

#include "crash/breadcrumb.hpp"
#include "host/identity.hpp"
#include "http/problem.hpp"
#include "log/log.hpp"
#include "plugins/background.hpp"
#include "plugins/boundary.hpp"
#include "stoa/json.hpp"

namespace stoa::core::host {

using plugins::view;

namespace {

// What an account or address may ask of the whole API; routes may say something stricter.
constexpr http::RateRule kReads{3000, 60};
constexpr http::RateRule kWrites{300, 60};

bool is_safe(http::Method method) {
  return method == http::Method::get || method == http::Method::head || method == http::Method::options;
}

bool is_json(std::string_view content_type) {
  const auto semicolon = content_type.find(';');
  std::string type(content_type.substr(0, semicolon));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return http::equal_ignoring_case(type, "application/json");
}

}  // namespace

HttpRequest::HttpRequest(Dispatcher& dispatcher, std::shared_ptr<http::Exchange> exchange,
                         plugins::SnapshotPtr snapshot, const plugins::Target& target, plugins::Call call,
                         bool page)
    : dispatcher_(dispatcher),
      call_(std::move(call)),
      exchange_(std::move(exchange)),
      snapshot_(std::move(snapshot)),
      target_(target),
      page_(page),
      stamp_(dispatcher.cache_.stamp()) {
  const http::RequestHead& head = exchange_->head();
  owner = target.owner;
  method = http::to_string(head.method);
  path = http::percent_decode(head.path).value_or(std::string(head.path));
  std::string joined;  // a proxy may have added a line of its own
  peer = dispatcher.proxies_.client(exchange_->peer(), head.list("X-Forwarded-For", joined));
  request_id = exchange_->request_id();
}

std::optional<std::string> HttpRequest::query(std::string_view name) const {
  auto value = http::query_value(exchange_->head().query, name);
  if (value) return *std::move(value);
  if (!bad_query_) bad_query_ = value.error();
  return std::nullopt;
}

std::chrono::steady_clock::time_point HttpRequest::due() const {
  return exchange_->received() +
         std::chrono::milliseconds(target_.route.deadline_ms ? target_.route.deadline_ms : 10'000);
}

HttpRequest::~HttpRequest() {
  if (owner && !noted_) owner->budget.abandon();
  if (overdue_) owner->overdue.fetch_sub(1);
}

bool HttpRequest::expire() {
  if (deferred) return false;
  if (!exchange_->respond(http::problem_response("timeout", "This took too long.", exchange_->request_id())))
    return false;
  if (owner) {
    overdue_ = true;
    owner->overdue.fetch_add(1);
  }
  return true;
}

void HttpRequest::run() {
  const bool may_go_on =
      page_ ? check_rate() : check_user() && check_origin() && check_rate() && check_body();
  if (!may_go_on) return;
  call();
  if (answered() || deferred) return;
  if (!page_) {
    log::error("A handler did not answer.",
               {{"plugin", owner ? owner->id : "core"}, {"request", request_id}});
    plugins::note_failure(owner, "unanswered");
  }
  fail({ErrorCode::internal});
}

void HttpRequest::call() {
  const plugins::RequestScope scope(*this);
  const crash::Breadcrumb here(owner ? owner->id.c_str() : "", target_.route.pattern.c_str());
  try {
    if (!target_.owner) {
      target_.host(shared_from_this());
    } else if (page_) {
      plugins::clear_callback_error();
      const stoa_status status = target_.page->handler(target_.page->self, scope.handle());
      if (status != STOA_OK && !answered()) fail(plugins::take_callback_error(status));
    } else {
      target_.route.handler(target_.route.self, scope.handle());
    }
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (const std::exception& e) {
    log::error("A handler threw an exception.",
               {{"plugin", owner ? owner->id : "core"}, {"request", request_id}, {"what", e.what()}});
    plugins::note_failure(owner, "exception");
    fail({ErrorCode::internal});
  } catch (...) {
    log::error("A handler threw something.",
               {{"plugin", owner ? owner->id : "core"}, {"request", request_id}});
    plugins::note_failure(owner, "exception");
    fail({ErrorCode::internal});
  }
}

bool HttpRequest::check_user() {
  const plugins::RouteEntry& route = target_.route;
  const std::string_view authorization = header("Authorization");
  const bool asks = route.auth != STOA_AUTH_NONE || (dispatcher_.options_.private_forum && !route.open);
  if (!authorization.empty()) {
    const bool bearer =
        authorization.size() > 7 && http::equal_ignoring_case(authorization.substr(0, 7), "Bearer ");
    if (bearer) user = authenticate(dispatcher_.snapshot_, authorization.substr(7));
    if (!user) return problem("unauthenticated", "The access token is not valid.");
  } else if (asks) {
    if (const auto cookie = http::cookie_value(header("Cookie"), "stoa_access")) {
      user = authenticate(dispatcher_.snapshot_, *cookie);
      by_cookie_ = user.has_value();
    }
  }
  if (!user && (route.auth == STOA_AUTH_USER || route.auth == STOA_AUTH_PERMISSION ||
                (dispatcher_.options_.private_forum && !route.open))) {
    return problem("unauthenticated", "Log in first.");
  }
  if (user) user_c = user->c();
  if (route.auth == STOA_AUTH_PERMISSION) {
    const auto role = snapshot_->permissions.find(route.permission);
    if (role == snapshot_->permissions.end() || user->role < role->second) {
      return problem("forbidden", "Your role does not allow this.");
    }
  }
  if (route.auth == STOA_AUTH_NONE) user.reset();
  return true;
}

bool HttpRequest::check_origin() {
  const http::RequestHead& head = exchange_->head();
  if (is_safe(head.method)) return true;
  const Origin origin = origin_of(head, dispatcher_.options_.public_url);
  if (origin == Origin::foreign) return problem("forbidden", "This request comes from another site.");
  if (by_cookie_ && origin == Origin::none) {
    return problem("forbidden", "A request that is authenticated by a cookie must carry its Origin.");
  }
  return true;
}

bool HttpRequest::check_rate() {
  if (!dispatcher_.options_.limits || target_.route.pattern == "/healthz" ||
      target_.route.pattern == "/readyz" || target_.route.pattern == "/metrics")
    return true;
  const std::string who = user ? "u" + std::to_string(user->user_id) : "a" + http::network_of(peer);
  const bool safe = is_safe(exchange_->head().method);
  const bool own = target_.route.rate.count > 0;
  const http::RateRule rule = own ? target_.route.rate : safe ? kReads : kWrites;
  const std::string name = own ? "route" : safe ? "reads" : "writes";
  const auto verdict = dispatcher_.limiter_.ask((own ? method + target_.route.pattern : name) + " " + who,
                                                rule, std::chrono::steady_clock::now());
  extra_fields_.emplace_back("RateLimit-Policy", "\"" + name + "\";q=" + std::to_string(rule.count) +
                                                     ";w=" + std::to_string(rule.period_s));
  extra_fields_.emplace_back("RateLimit", "\"" + name + "\";r=" + std::to_string(verdict.remaining) +
                                              ";t=" + std::to_string(verdict.reset_s));
  if (verdict.allowed) return true;
  Error error{ErrorCode::rate_limited,
              "Too many requests; try again in " + std::to_string(verdict.retry_after_s) + " s."};
  error.retry_after_s = verdict.retry_after_s;
  fail(error);
  return false;
}

bool HttpRequest::check_body() {
  const http::RequestHead& head = exchange_->head();
  if (exchange_->body_too_large()) {
    return problem("payload-too-large",
                   "The body may have at most " + std::to_string(target_.route.body_limit) + " bytes.");
  }
  const stoa_body kind = target_.route.body;
  if (kind == STOA_BODY_NONE || kind == STOA_BODY_ANY) return true;
  if (exchange_->body().empty() && kind == STOA_BODY_OPTIONAL_JSON) return true;
  if (!is_json(head.field("Content-Type"))) {
    return problem("unsupported-media-type", "The body must be application/json.");
  }
  const auto document = parse_json(exchange_->body());
  if (!document) return problem("malformed", document.error().message);
  return true;
}

bool HttpRequest::problem(std::string_view type, std::string detail) {
  auto response = http::problem_response(type, std::move(detail), request_id);
  response.fields.insert(response.fields.end(), extra_fields_.begin(), extra_fields_.end());
  exchange_->respond(std::move(response));
  return false;
}

void HttpRequest::note(bool failed) {
  if (owner && !noted_.exchange(true)) owner->budget.note(failed, std::chrono::steady_clock::now());
}

bool HttpRequest::fail(const Error& error) {
  note(error.code == ErrorCode::internal || error.code == ErrorCode::unsupported);
  if (page_) {
    ShellPage page;
    page.status = error.code == ErrorCode::not_found ? 404 : http::problem_type(error.code).status;
    page.title = page.status == 404 ? "Not found" : std::string(http::problem_type(error.code).title);
    if (error.code == ErrorCode::rate_limited || error.code == ErrorCode::overloaded)
      page.retry_after_s = std::max(error.retry_after_s, 1);
    if (answered()) return false;
    dispatcher_.serve_shell(*exchange_, *snapshot_, std::move(page));
    return true;
  }
  auto response = http::problem_response(error, request_id);
  response.fields.insert(response.fields.end(), extra_fields_.begin(), extra_fields_.end());
  return exchange_->respond(std::move(response));
}

// What all who may ask are told alike: compressed where that is everybody, and kept for those who ask next.
http::Response HttpRequest::share(http::Response response, std::uint64_t seq, const stoa_str* tags,
                                  std::size_t tag_count, bool with_seq) {
  dispatcher_.wait_until_published(seq);
  // A route that looks the user up may still answer some requests alike for all: it says so by sharing.
  const bool open = target_.route.auth == STOA_AUTH_NONE || target_.route.auth == STOA_AUTH_OPTIONAL;
  const bool everybody = open && !dispatcher_.options_.private_forum;
  const bool is_ok = response.status == 200;
  auto answer = std::make_shared<http::CachedAnswer>();
  answer->owner = owner ? owner->id : "";
  answer->fields = std::move(response.fields);
  answer->fields.emplace_back("Cache-Control", everybody ? "no-cache" : "private, no-cache");
  answer->with_seq = with_seq;
  if (!response.body) response.body = std::make_shared<const std::string>();
  answer->representations[0] =
      http::represent(answer->fields, response.body, http::Coding::identity, http::Effort::quick);
  if (!answer->representations[0].body)  // a field that cannot be sent
    return http::problem_response(Error{ErrorCode::internal}, request_id);
  answer->is_worth_encoding =
      everybody && is_ok && http::is_worth_encoding(answer->fields.front().second, response.body->size());

  bool is_kept = false;
  if (everybody && tag_count > 0 && is_ok) {
    std::vector<std::string> scoped;
    for (std::size_t i = 0; i < tag_count; ++i)
      scoped.push_back(owner->id + "/" + std::string(view(tags[i])));
    is_kept = dispatcher_.cache_.fill(exchange_->head().target, answer, std::move(scoped), stamp_);
  }
  http::Representation chosen = answer->representations[0];
  const http::RequestHead& head = exchange_->head();
  std::string joined;
  const auto coding = answer->is_worth_encoding ? http::wanted_coding(head.list("Accept-Encoding", joined))
                                                : http::Coding::identity;
  if (coding != http::Coding::identity) {
    auto made = dispatcher_.encode(exchange_->head().target, *answer, coding, is_kept);
    if (made.body) chosen = std::move(made);
  }
  http::Response shared = http::response_of(answer->fields, chosen,
                                            is_ok ? head.list("If-None-Match", joined) : std::string_view());
  if (!is_ok) shared.status = response.status;
  if (with_seq) shared.fields.emplace_back("Stoa-Seq", std::to_string(seq));
  return shared;
}

bool HttpRequest::respond(const stoa_response& c) {
  if (answered()) return false;
  note(c.status >= 500);
  if (c.status < 200 || c.status > 599) {
    log::error("A handler answered with a status that is none.",
               {{"plugin", owner->id}, {"request", request_id}});
    return fail({ErrorCode::internal});
  }
  const bool reading = is_safe(exchange_->head().method);
  if (reading && bad_query_) return fail(*bad_query_);
  http::Response response;
  response.status = static_cast<int>(c.status);
  const bool shared = reading && c.audience == STOA_AUDIENCE_SHARED;
  if (c.body.len > 0 || (c.status != 204 && c.status != 304)) {
    response.fields.emplace_back("Content-Type",
                                 c.content_type.len ? view(c.content_type) : "application/json");
    response.body = std::make_shared<const std::string>(view(c.body));
  }
  for (std::size_t i = 0; i < c.header_count; ++i) {
    response.fields.emplace_back(view(c.headers[i].key), view(c.headers[i].value));
  }
  response.fields.emplace_back("X-Content-Type-Options", "nosniff");
  if (shared) {
    response.fields.emplace_back("Vary", "Accept-Encoding");
    response = share(std::move(response), c.seq, c.tags, c.tag_count, c.seq != 0);
  } else {
    response.fields.emplace_back("Cache-Control", "private, no-store");
    if (c.seq != 0) response.fields.emplace_back("Stoa-Seq", std::to_string(c.seq));
  }
  response.fields.insert(response.fields.end(), extra_fields_.begin(), extra_fields_.end());
  return exchange_->respond(std::move(response));
}

bool HttpRequest::render(const stoa_page_content& content) {
  if (answered()) return false;
  note(false);
  ShellPage page;
  page.status = content.status == 404 ? 404 : 200;
  page.title = view(content.title);
  page.description = view(content.description);
  page.canonical = content.canonical.len ? std::string(view(content.canonical)) : path;
  page.html = view(content.html);
  page.plugin = owner->id;
  page.name = target_.page->name;
  page.payload = view(content.payload);
  page.seq = content.seq;
  http::Response response;
  response.status = page.status;
  const std::string& all = snapshot_->public_plugins;  // {"items":[…]}
  const std::string_view plugins = std::string_view(all).substr(9, all.size() - 10);
  response.fields = dispatcher_.shell_->fields();
  response.body = std::make_shared<const std::string>(dispatcher_.shell_->fill(page, plugins));
  return exchange_->respond(share(std::move(response), content.seq, content.tags, content.tag_count, false));
}

}  // namespace stoa::core::host
