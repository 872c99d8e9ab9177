#include "host/dispatcher.hpp"

#include <chrono>
#include <thread>

#include "host/http_request.hpp"
#include "host/identity.hpp"
#include "http/conditional.hpp"
#include "http/entity_tag.hpp"
#include "http/problem.hpp"
#include "log/log.hpp"
#include "plugins/background.hpp"
#include "storage/scope.hpp"

namespace stoa::core::host {

namespace {

constexpr std::string_view kRealtimePath = "/api/v1/realtime";
constexpr std::string_view kAllMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
constexpr std::uint64_t kSmallBody = 256 * 1024;  // what is read of a request that will be refused anyway
constexpr std::chrono::milliseconds kLongestPublishing{50};
constexpr int kTurnsAwake = 200;

bool reads(http::Method method) {
  return method == http::Method::get || method == http::Method::head;
}

}  // namespace

Dispatcher::Dispatcher(DispatcherOptions options, const TrustedProxies& proxies, http::Cache& cache,
                       work::Pool& pool, std::function<plugins::SnapshotPtr()> snapshot, Log log)
    : options_(std::move(options)),
      proxies_(proxies),
      cache_(cache),
      pool_(pool),
      snapshot_(std::move(snapshot)),
      log_(std::move(log)) {}

Dispatcher::~Dispatcher() = default;

http::Application::Admission Dispatcher::admit(const http::RequestHead& head) {
  if (!head.content_length && !head.chunked) return {kSmallBody};
  const auto match = snapshot_()->routes.match(head.method, head.path);
  return {match.target ? match.target->route.body_limit : kSmallBody};
}

http::Response Dispatcher::refuse(int status, const std::string& request_id) {
  const auto& type = http::problem_type(status);
  return http::problem_response(type, Error{ErrorCode::internal, std::string(type.title) + "."}, request_id);
}

void Dispatcher::problem(http::Exchange& exchange, std::string_view type, std::string detail) {
  exchange.respond(http::problem_response(type, std::move(detail), exchange.request_id()));
}

// What was committed a moment ago can be read before the cache has dropped what it makes old. Nobody is shown
// such a state before everybody is: else the next answer, out of the cache, would be older than this one.
// What takes long was committed by another process, of which the writer knows nothing yet.
void Dispatcher::wait_until_published(std::uint64_t seq) {
  using std::chrono::steady_clock;
  if (seq <= log_.head() || storage::this_scope().database) return;  // the writer itself publishes
  const auto deadline = steady_clock::now() + kLongestPublishing;
  for (int turn = 0; seq > log_.head() && steady_clock::now() < deadline; ++turn) {
    if (turn < kTurnsAwake) {
      std::this_thread::yield();
      continue;
    }
    if (publishing_.exchange(seq) != seq) log_.publish();
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

// The log's head is read before the entry is looked up: an entry found afterwards holds everything up to that
// head. A coding that is asked for the first time is made by a worker.
bool Dispatcher::serve_cached(const std::shared_ptr<http::Exchange>& exchange) {
  const http::RequestHead& head = exchange->head();
  if (options_.private_forum || !head.field("Authorization").empty()) return false;
  const std::uint64_t seq = log_.head();
  const auto answer = cache_.find(head.target);
  if (!answer) return false;
  exchange->attribute(answer->owner);
  const auto respond = [seq](http::Exchange& to, const http::CachedAnswer& what,
                             const http::Representation& in) {
    std::string joined;
    auto response = http::response_of(what.fields, in, to.head().list("If-None-Match", joined));
    if (what.with_seq) response.fields.emplace_back("Stoa-Seq", std::to_string(seq));
    to.respond(std::move(response));
  };
  std::string joined;
  const auto coding = answer->is_worth_encoding ? http::wanted_coding(head.list("Accept-Encoding", joined))
                                                : http::Coding::identity;
  const bool is_missing = !answer->representations[static_cast<std::size_t>(coding)].body;
  if (is_missing && cache_.claim(head.target, *answer, coding)) {
    const bool taken = pool_.submit("core", [this, exchange, answer, coding, respond] {
      const auto made = represent_kept(exchange->head().target, *answer, coding);
      respond(*exchange, *answer, made.body ? made : answer->representations[0]);
    });
    if (taken) return true;
  }
  respond(*exchange, *answer, answer->in(coding));
  return true;
}

http::Representation Dispatcher::represent_kept(std::string_view target, const http::CachedAnswer& answer,
                                                http::Coding coding) {
  auto made = http::represent(answer.fields, answer.representations[0].body, coding, http::Effort::thorough);
  if (made.body) cache_.add(target, answer, coding, made);
  return made;
}

http::Representation Dispatcher::encode(std::string_view target, const http::CachedAnswer& answer,
                                        http::Coding coding, bool is_kept) {
  const http::CachedAnswerPtr kept = is_kept ? cache_.find(target) : nullptr;
  if (kept && kept->representations[0].etag == answer.representations[0].etag) {
    const http::Representation& there = kept->representations[static_cast<std::size_t>(coding)];
    if (there.body) return there;
    if (cache_.claim(target, *kept, coding)) return represent_kept(target, *kept, coding);
  }
  return http::represent(answer.fields, answer.representations[0].body, coding, http::Effort::quick);
}

void Dispatcher::handle(std::shared_ptr<http::Exchange> exchange) {
  const http::RequestHead& head = exchange->head();
  if (reads(head.method) && serve_cached(exchange)) return;
  const plugins::SnapshotPtr snapshot = snapshot_();
  if (head.path == kRealtimePath && head.method == http::Method::get) return upgrade(exchange);

  if (head.target == "*") {  // OPTIONS of the whole server (RFC 9110, 9.3.7)
    exchange->respond({.status = 204, .fields = {{"Allow", std::string(kAllMethods)}}});
    return;
  }

  auto match = snapshot->routes.match(head.method, head.path);
  using Kind = decltype(match.kind);
  if (match.kind == Kind::found) {
    return submit(exchange, snapshot, match.target, std::move(match.parameters), false);
  }
  const bool api = head.path.substr(0, 5) == "/api/" || head.path == "/api";
  if (reads(head.method) && !api) {
    if (auto file = std::atomic_load(&files_)->serve(head, exchange->request_id())) {
      exchange->respond(std::move(*file));
      return;
    }
    return serve_page(exchange, snapshot);
  }
  const bool realtime = head.path == kRealtimePath;
  if (realtime || match.kind == Kind::method_not_allowed ||
      (!api && (snapshot->pages.match(http::Method::get, head.path).target ||
                std::atomic_load(&files_)->has(head.path)))) {
    const std::string allow = realtime ? "GET" : match.allow.empty() ? "GET, HEAD" : match.allow;
    if (head.method == http::Method::options) {
      exchange->respond({.status = 204, .fields = {{"Allow", allow + ", OPTIONS"}}});
      return;
    }
    auto response =
        http::problem_response("method-not-allowed", "Allowed here: " + allow + ".", exchange->request_id());
    response.fields.emplace_back("Allow", allow);
    exchange->respond(std::move(response));
    return;
  }
  if (snapshot->path_disabled(head.path)) {
    return problem(*exchange, "plugin-disabled", "This feature is switched off on this forum.");
  }
  problem(*exchange, "not-found", "There is nothing at this address.");
}

void Dispatcher::serve_page(const std::shared_ptr<http::Exchange>& exchange,
                            const plugins::SnapshotPtr& snapshot) {
  const http::RequestHead& head = exchange->head();
  if (head.path.substr(0, 9) == "/plugins/" || head.path.substr(0, 8) == "/assets/" || !shell_) {
    return problem(*exchange, "not-found", "There is nothing at this address.");
  }
  auto match = snapshot->pages.match(head.method, head.path);
  // A private forum's pages all look the same to strangers, known or not.
  if (options_.private_forum) return serve_shell(*exchange, *snapshot, {});
  if (match.target) return submit(exchange, snapshot, match.target, std::move(match.parameters), true);
  ShellPage page;
  if (head.path == "/admin") {
    page.title = "Administration";
  } else if (head.path == "/setup") {
    page.title = "First administrator";
  } else {
    page.status = 404;
    page.title = "Not found";
  }
  serve_shell(*exchange, *snapshot, std::move(page));
}

void Dispatcher::serve_shell(http::Exchange& exchange, const plugins::Snapshot& snapshot, ShellPage page) {
  page.seq = page.seq ? page.seq : log_.head();
  const std::string& all = snapshot.public_plugins;  // {"items":[…]}
  const std::string_view plugins = all.empty() ? "[]" : std::string_view(all).substr(9, all.size() - 10);
  http::Response response;
  response.status = page.status;
  response.head = shell_->head();
  response.body = std::make_shared<const std::string>(shell_->fill(page, plugins));
  const std::string etag = http::entity_tag(*response.body);
  response.fields.emplace_back("ETag", etag);
  response.fields.emplace_back("Cache-Control", "no-cache");
  if (page.retry_after_s > 0) response.fields.emplace_back("Retry-After", std::to_string(page.retry_after_s));
  std::string joined;
  if (page.status == 200 && http::none_match(exchange.head().list("If-None-Match", joined), etag)) {
    response.status = 304;
    response.body = nullptr;
  }
  exchange.respond(std::move(response));
}

void Dispatcher::upgrade(const std::shared_ptr<http::Exchange>& exchange) {
  const http::RequestHead& head = exchange->head();
  if (!head.websocket) {
    auto response = http::problem_response("malformed", "Ask for a WebSocket here.", exchange->request_id());
    response.fields.emplace_back("Upgrade", "websocket");
    exchange->respond(std::move(response));
    return;
  }
  const auto cookie = http::cookie_value(head.field("Cookie"), "stoa_access");
  const Origin origin = origin_of(head, options_.public_url);
  if (origin == Origin::foreign || (origin == Origin::none && cookie)) {
    return problem(*exchange, "forbidden", "This connection comes from another site.");
  }
  const bool taken = pool_.submit("core", [this, exchange, token = std::string(cookie.value_or(""))] {
    upgrade_(exchange, token.empty() ? std::nullopt : authenticate(snapshot_, token));
  });
  if (!taken) problem(*exchange, "overloaded", "The forum is busy. Try again in a moment.");
}

// A plugin that failed too often rests.
void Dispatcher::paused(http::Exchange& exchange, const plugins::Snapshot& snapshot, int retry_after_s,
                        bool page) {
  Error error{ErrorCode::overloaded, "This feature has trouble. Try again in a moment."};
  error.retry_after_s = retry_after_s;
  if (!page) {
    exchange.respond(http::problem_response(error, exchange.request_id()));
    return;
  }
  ShellPage shell;
  shell.status = 503;
  shell.title = "This feature has trouble";
  shell.retry_after_s = retry_after_s;
  serve_shell(exchange, snapshot, std::move(shell));
}

void Dispatcher::submit(const std::shared_ptr<http::Exchange>& exchange, plugins::SnapshotPtr snapshot,
                        const plugins::Target* target, http::Parameters parameters, bool page) {
  const std::string_view owner = target->owner ? std::string_view(target->owner->id) : "core";
  if (pool_.is_overloaded(owner)) {
    exchange->attribute(owner);
    if (!page) return problem(*exchange, "overloaded", "The forum is busy. Try again in a moment.");
    ShellPage busy;
    busy.status = 503;
    busy.title = "The forum is busy";
    busy.retry_after_s = 1;
    return serve_shell(*exchange, *snapshot, std::move(busy));
  }
  plugins::Call call = plugins::Call::enter(target->owner);
  if (target->owner && !call) return handle(exchange);  // it has just left: there is a newer snapshot
  if (target->owner) {
    const auto admission = target->owner->budget.admit(std::chrono::steady_clock::now());
    if (!admission.admitted) return paused(*exchange, *snapshot, admission.retry_after_s, page);
  }
  auto request =
      std::make_shared<HttpRequest>(*this, exchange, std::move(snapshot), *target, std::move(call), page);
  request->parameters = std::move(parameters);
  exchange->attribute(owner);
  const std::chrono::milliseconds deadline(target->route.deadline_ms ? target->route.deadline_ms : 10'000);
  const auto late = [request, exchange, owner = std::string(owner)](bool started) {
    if (request->expire()) {
      log::warning(
          started ? "A handler is past its deadline." : "A request waited for a worker past its deadline.",
          {{"plugin", owner},
           {"route", std::string(request->method) + " " + request->path},
           {"request", exchange->request_id()}});
      plugins::note_failure(request->owner, "late");
    }
  };
  if (!pool_.submit(
          owner, [request] { request->run(); }, deadline, late)) {
    request->fail({ErrorCode::overloaded, "The forum is busy. Try again in a moment."});
  }
}

}  // namespace stoa::core::host
