// What a plugin registers, and the entry the host calls. Include stoa.hpp instead.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/host.hpp"
#include "stoa/request.hpp"
#include "stoa/result.hpp"
#include "stoa/storage.hpp"

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

struct Event {
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string_view owner, type, subject;
  std::string_view data;  // JSON; "{}" once redacted
};

enum class Presence : std::uint32_t { offline = STOA_OFFLINE, away = STOA_AWAY, online = STOA_ONLINE };

// A client's own operation on a channel it has joined.
struct Operation {
  std::optional<User> user;
  std::string_view connection, op, channel;
  std::string_view message;  // the whole frame, a JSON object
};

// The public view of a page, for readers without scripts and for the first paint.
struct Page {
  int status = 200;
  std::string title;
  std::string description;  // plain text
  std::string canonical;    // path of the page's one true address; empty: as requested
  std::string html;         // semantic, already safe
  std::string payload;      // JSON: what the application would have fetched first
  std::vector<std::string> tags;
  std::uint64_t seq = 0;
};

// What a filter hook says.
struct Verdict {
  stoa_hook_verdict kind = STOA_HOOK_CONTINUE;
  std::string payload;
  Error error;

  static Verdict go_on() { return {}; }
  static Verdict modified(std::string payload) { return {STOA_HOOK_MODIFIED, std::move(payload), {}}; }
  static Verdict rejected(Error error) { return {STOA_HOOK_REJECTED, {}, std::move(error)}; }
};

struct CommandOption {
  std::string_view name;
  std::string_view help;
  bool required = false;
  bool flag = false;
};

// One generation of this plugin, inside the host. Registration only in the function given to STOA_PLUGIN;
// everything else from start on. Lives until destroy.
class App {
 public:
  App(const stoa_host* host, stoa_ctx* ctx) {
    host_.host = host;
    host_.ctx = ctx;
    host_.fetch();
  }
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // ---- Routes [create]. Throw std::runtime_error on a broken description.
  void route(std::string_view method, std::string_view pattern, Auth auth, RouteOptions options,
             Handler handler) {
    auto& kept = keep<RouteCall>(RouteCall{&host_, std::move(handler)});
    stoa_route c{};
    c.size = sizeof c;
    c.auth = auth.kind;
    c.method = detail::str(method);
    c.pattern = detail::str(pattern);
    c.permission = detail::str(auth.permission);
    c.body = options.body;
    c.flags = options.open ? static_cast<std::uint32_t>(STOA_ROUTE_OPEN) : 0u;
    c.body_limit = options.body_limit;
    c.deadline_ms = options.deadline_ms;
    c.rate_count = options.rate_count;
    c.rate_period_s = options.rate_period_s;
    c.handler = &RouteCall::run;
    c.self = &kept;
    host_.require(host_.routes->add(host_.ctx, &c));
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

  // ---- Pages [create]. The handler fails with ErrorCode::not_found for a 404 page.
  void page(std::string_view pattern, std::string_view name, std::function<Result<Page>(Request&)> handler) {
    auto& kept = keep<PageCall>(PageCall{&host_, std::move(handler)});
    stoa_page c{};
    c.size = sizeof c;
    c.pattern = detail::str(pattern);
    c.name = detail::str(name);
    c.handler = &PageCall::run;
    c.self = &kept;
    host_.require(host_.ui->page(host_.ctx, &c));
  }

  // ---- Hooks
  void define_hook(std::string_view hook) {
    host_.require(host_.hooks->define(host_.ctx, detail::str(hook)));
  }
  void filter(std::string_view hook, int priority, stoa_hook_on_error on_error,
              std::function<Verdict(std::string_view payload)> call) {
    auto& kept = keep<FilterCall>(FilterCall{&host_, std::move(call)});
    stoa_filter c{};
    c.size = sizeof c;
    c.priority = priority;
    c.hook = detail::str(hook);
    c.on_error = on_error;
    c.call = &FilterCall::run;
    c.self = &kept;
    host_.require(host_.hooks->filter(host_.ctx, &c));
  }
  // [worker] The payload after all filters, or the rejection.
  Result<std::string> fire(std::string_view hook, std::string_view payload) {
    std::string out;
    const stoa_sink sink = detail::sink_to(out);
    const stoa_status status = host_.hooks->fire(host_.ctx, detail::str(hook), detail::str(payload), &sink);
    if (status != STOA_OK) return host_.error(status);
    return out;
  }

  // ---- Events [create]. Durable: [writer], storage calls only, exactly once. Live: [jobs], best effort.
  void subscribe_durable(std::string_view name, const std::vector<std::string>& types, bool from_oldest,
                         std::function<Result<void>(Tx&, const Event&)> apply) {
    subscribe(name, types,
              STOA_SUBSCRIBE_DURABLE | (from_oldest ? std::uint32_t{STOA_SUBSCRIBE_FROM_OLDEST} : 0u),
              std::move(apply));
  }
  void subscribe_live(const std::vector<std::string>& types, std::function<void(const Event&)> apply) {
    auto& kept = keep<LiveCall>(LiveCall{&host_, std::move(apply)});
    subscribe_c({}, types, 0, &LiveCall::run, &kept);
  }

  // ---- Realtime
  void claim(std::string_view prefix,
             std::function<Result<void>(std::optional<User>, std::string_view channel)> authorize,
             std::function<Result<void>(const Operation&)> operate = {}) {
    const bool operates = static_cast<bool>(operate);
    auto& kept = keep<ChannelCall>(ChannelCall{&host_, std::move(authorize), std::move(operate)});
    stoa_channel_claim c{};
    c.size = sizeof c;
    c.prefix = detail::str(prefix);
    c.authorize = &ChannelCall::run_authorize;
    c.operate = operates ? &ChannelCall::run_operate : nullptr;
    c.self = &kept;
    host_.require(host_.realtime->claim(host_.ctx, &c));
  }
  // [any-thread]
  void ephemeral(std::string_view channel, std::string_view type, std::string_view data,
                 std::string_view except = {}) {
    host_.realtime->ephemeral(host_.ctx, detail::str(channel), detail::str(type), detail::str(data),
                              detail::str(except));
  }
  Presence presence(UserId user) {
    return static_cast<Presence>(host_.realtime->presence(host_.ctx, user.value));
  }

  // ---- Services. `table` lives until destroy.
  void provide(std::string_view id, const void* table) {
    host_.require(host_.services->provide(host_.ctx, detail::str(id), table));
  }

  // ---- Permissions, commands [create]
  void declare_permission(std::string_view permission, Role lowest) {
    host_.require(
        host_.permissions->declare(host_.ctx, detail::str(permission), static_cast<stoa_role>(lowest)));
  }
  // The arguments are a JSON object; the result is printed.
  void command(std::string_view name, std::string_view help, const std::vector<CommandOption>& options,
               std::function<Result<std::string>(std::string_view arguments)> run) {
    auto& kept = keep<CommandCall>(CommandCall{&host_, std::move(run)});
    std::vector<stoa_command_option> all;
    for (const CommandOption& option : options) {
      stoa_command_option c{};
      c.size = sizeof c;
      c.flags = (option.required ? std::uint32_t{STOA_OPTION_REQUIRED} : 0u) |
                (option.flag ? std::uint32_t{STOA_OPTION_FLAG} : 0u);
      c.name = detail::str(option.name);
      c.help = detail::str(option.help);
      all.push_back(c);
    }
    std::vector<const stoa_command_option*> pointers;
    for (const stoa_command_option& option : all) pointers.push_back(&option);
    stoa_command c{};
    c.size = sizeof c;
    c.name = detail::str(name);
    c.help = detail::str(help);
    c.options = pointers.data();
    c.option_count = pointers.size();
    c.run = &CommandCall::run_command;
    c.self = &kept;
    host_.require(host_.commands->add(host_.ctx, &c));
  }

  // ---- Lifecycle [create]. Start in order of registration, stop in reverse.
  void on_start(std::function<Result<void>()> call) { starts_.push_back(std::move(call)); }
  void on_drain(std::function<void(std::uint32_t deadline_ms)> call) { drains_.push_back(std::move(call)); }
  void on_stop(std::function<void()> call) { stops_.push_back(std::move(call)); }
  void on_configure(std::function<Result<void>(std::string_view settings)> call) {
    configure_ = std::move(call);
  }
  // Owned until destroy.
  template <class T, class... A>
  T& own(A&&... arguments) {
    auto owned = std::make_shared<T>(std::forward<A>(arguments)...);
    T& reference = *owned;
    owned_.push_back(std::move(owned));
    return reference;
  }

  // ---- Using the host
  Storage storage() { return Storage(host_); }
  // [any-thread] The plugin's settings, a JSON object with defaults filled in.
  std::string settings() {
    std::string out;
    const stoa_sink sink = detail::sink_to(out);
    host_.require(host_.config->settings(host_.ctx, &sink));
    return out;
  }
  // [any-thread] A fact of the host as JSON text, see stoa_config_v1.
  std::string host_value(std::string_view key) {
    std::string out;
    const stoa_sink sink = detail::sink_to(out);
    host_.require(host_.config->host_value(host_.ctx, detail::str(key), &sink));
    return out;
  }
  std::int64_t now_ms() { return host_.clock->now_ms(host_.ctx); }
  std::int64_t monotonic_ms() { return host_.clock->monotonic_ms(host_.ctx); }
  std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    host_.require(host_.random->bytes(host_.ctx, out.data(), count));
    return out;
  }
  void log(stoa_log_level level, std::string_view message,
           std::initializer_list<std::pair<std::string_view, std::string_view>> keys = {}) {
    std::vector<stoa_kv> c;
    for (const auto& [key, value] : keys) c.push_back({detail::str(key), detail::str(value)});
    host_.log->write(host_.ctx, level, detail::str(message), c.data(), c.size());
  }
  // [lifecycle] A line for the person who starts the server: text, space, the forum's address and path.
  void announce(std::string_view text, std::string_view path) {
    host_.log->announce(host_.ctx, detail::str(text), detail::str(path));
  }
  const detail::Host& host() const { return host_; }

  // Called by the entry.
  stoa_status start() noexcept {
    return guarded("start", [&]() -> Result<void> {
      for (auto& call : starts_) {
        if (auto done = call(); !done) return done;
      }
      return {};
    });
  }
  stoa_status drain(std::uint32_t deadline_ms) noexcept {
    return guarded("drain", [&]() -> Result<void> {
      for (auto& call : drains_) call(deadline_ms);
      return {};
    });
  }
  stoa_status stop() noexcept {
    return guarded("stop", [&]() -> Result<void> {
      for (auto call = stops_.rbegin(); call != stops_.rend(); ++call) (*call)();
      return {};
    });
  }
  stoa_status configure(stoa_str settings) noexcept {
    return guarded("configure", [&]() -> Result<void> {
      if (!configure_) return Error{ErrorCode::unsupported, "takes settings at its start only"};
      return configure_(detail::view(settings));
    });
  }

 private:
  struct RouteCall {
    const detail::Host* host;
    Handler handler;
    static void run(void* self, stoa_request* c) noexcept {
      auto& call = *static_cast<RouteCall*>(self);
      try {
        Request request(*call.host, c);
        const Response response = call.handler(request);
        if (response.is_deferred()) return;
        if (response.is_error()) {
          detail::with_c(response.error(),
                         [&](const stoa_error& e) { return call.host->routes->fail(c, &e); });
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
  struct PageCall {
    const detail::Host* host;
    std::function<Result<Page>(Request&)> handler;
    static stoa_status run(void* self, stoa_request* c) noexcept {
      auto& call = *static_cast<PageCall*>(self);
      return contained(*call.host, "page", [&]() -> Result<void> {
        Request request(*call.host, c);
        Result<Page> page = call.handler(request);
        if (!page) return page.error();
        std::vector<stoa_str> tags;
        for (const std::string& tag : page->tags) tags.push_back(detail::str(tag));
        stoa_page_content content{};
        content.size = sizeof content;
        content.status = static_cast<std::uint32_t>(page->status);
        content.title = detail::str(page->title);
        content.description = detail::str(page->description);
        content.canonical = detail::str(page->canonical);
        content.html = detail::str(page->html);
        content.payload = detail::str(page->payload);
        content.tags = tags.data();
        content.tag_count = tags.size();
        content.seq = page->seq;
        return call.host->check(call.host->ui->render(c, &content));
      });
    }
  };
  struct FilterCall {
    const detail::Host* host;
    std::function<Verdict(std::string_view)> call;
    static stoa_hook_verdict run(void* self, stoa_str payload, const stoa_sink* modified) noexcept {
      auto& filter = *static_cast<FilterCall*>(self);
      try {
        const Verdict verdict = filter.call(detail::view(payload));
        if (verdict.kind == STOA_HOOK_MODIFIED) modified->write(modified->self, detail::str(verdict.payload));
        if (verdict.kind == STOA_HOOK_REJECTED) filter.host->fail(verdict.error);
        return verdict.kind;
      } catch (...) {
        filter.host->log_exception("filter");
        return STOA_HOOK_FAILED;
      }
    }
  };
  struct DurableCall {
    const detail::Host* host;
    std::function<Result<void>(Tx&, const Event&)> apply;
    static stoa_status run(void* self, stoa_tx* c, const stoa_event* e) noexcept {
      auto& call = *static_cast<DurableCall*>(self);
      return contained(*call.host, "subscriber", [&] {
        Tx tx(*call.host, c);
        return call.apply(tx, event(*e));
      });
    }
  };
  struct LiveCall {
    const detail::Host* host;
    std::function<void(const Event&)> apply;
    static stoa_status run(void* self, stoa_tx*, const stoa_event* e) noexcept {
      auto& call = *static_cast<LiveCall*>(self);
      return contained(*call.host, "subscriber", [&]() -> Result<void> {
        call.apply(event(*e));
        return {};
      });
    }
  };
  struct ChannelCall {
    const detail::Host* host;
    std::function<Result<void>(std::optional<User>, std::string_view)> authorize;
    std::function<Result<void>(const Operation&)> operate;
    static stoa_status run_authorize(void* self, const stoa_principal* user, stoa_str channel) noexcept {
      auto& call = *static_cast<ChannelCall*>(self);
      return contained(*call.host, "authorize",
                       [&] { return call.authorize(detail::user(user), detail::view(channel)); });
    }
    static stoa_status run_operate(void* self, const stoa_operation* c) noexcept {
      auto& call = *static_cast<ChannelCall*>(self);
      return contained(*call.host, "operate", [&] {
        return call.operate(Operation{detail::user(c->user), detail::view(c->connection), detail::view(c->op),
                                      detail::view(c->channel), detail::view(c->message)});
      });
    }
  };
  struct CommandCall {
    const detail::Host* host;
    std::function<Result<std::string>(std::string_view)> run;
    static stoa_status run_command(void* self, stoa_str arguments, const stoa_sink* out) noexcept {
      auto& call = *static_cast<CommandCall*>(self);
      return contained(*call.host, "command", [&]() -> Result<void> {
        Result<std::string> text = call.run(detail::view(arguments));
        if (!text) return text.error();
        out->write(out->self, detail::str(*text));
        return {};
      });
    }
  };

  static Event event(const stoa_event& e) {
    return Event{e.seq,
                 e.time_ms,
                 detail::view(e.owner),
                 detail::view(e.type),
                 detail::view(e.subject),
                 detail::view(e.data)};
  }
  // Runs a callback's work; an error or exception becomes a status with its details set.
  template <class F>
  static stoa_status contained(const detail::Host& host, const char* where, F&& work) noexcept {
    try {
      const Result<void> done = work();
      return done ? STOA_OK : host.fail(done.error());
    } catch (...) {
      host.log_exception(where);
      return STOA_E_INTERNAL;
    }
  }
  template <class F>
  stoa_status guarded(const char* where, F&& work) noexcept {
    return contained(host_, where, std::forward<F>(work));
  }
  void subscribe(std::string_view name, const std::vector<std::string>& types, std::uint32_t flags,
                 std::function<Result<void>(Tx&, const Event&)> apply) {
    auto& kept = keep<DurableCall>(DurableCall{&host_, std::move(apply)});
    subscribe_c(name, types, flags, &DurableCall::run, &kept);
  }
  void subscribe_c(std::string_view name, const std::vector<std::string>& types, std::uint32_t flags,
                   stoa_status (*apply)(void*, stoa_tx*, const stoa_event*), void* self) {
    std::vector<stoa_str> all;
    for (const std::string& type : types) all.push_back(detail::str(type));
    stoa_subscriber c{};
    c.size = sizeof c;
    c.flags = flags;
    c.name = detail::str(name);
    c.types = all.data();
    c.type_count = all.size();
    c.apply = apply;
    c.self = self;
    host_.require(host_.events->subscribe(host_.ctx, &c));
  }
  template <class T>
  T& keep(T call) {
    return own<T>(std::move(call));
  }

  detail::Host host_;
  std::vector<std::shared_ptr<void>> owned_;
  std::vector<std::function<Result<void>()>> starts_;
  std::vector<std::function<void(std::uint32_t)>> drains_;
  std::vector<std::function<void()>> stops_;
  std::function<Result<void>(std::string_view)> configure_;
};

namespace detail {

// The entry points of stoa_plugin_desc for a plugin made of one registering function.
template <void (*Register)(App&)>
struct Entry {
  static stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** self) noexcept {
    try {
      auto app = std::make_unique<App>(host, ctx);
      Register(*app);
      *self = app.release();
      return STOA_OK;
    } catch (const std::exception& e) {
      stoa_error error{};
      error.size = sizeof error;
      error.status = STOA_E_INTERNAL;
      const std::string what = e.what();
      error.message = str(what);
      host->set_error(ctx, &error);
      return STOA_E_INTERNAL;
    } catch (...) {
      return STOA_E_INTERNAL;
    }
  }
  static stoa_status start(void* self) noexcept { return static_cast<App*>(self)->start(); }
  static stoa_status drain(void* self, uint32_t deadline_ms) noexcept {
    return static_cast<App*>(self)->drain(deadline_ms);
  }
  static stoa_status stop(void* self) noexcept { return static_cast<App*>(self)->stop(); }
  static void destroy(void* self) noexcept { delete static_cast<App*>(self); }
  static stoa_status configure(void* self, stoa_str settings) noexcept {
    return static_cast<App*>(self)->configure(settings);
  }
};

}  // namespace detail

}  // namespace stoa

// What stoa_add_plugin() generates from plugin.json, sql/, migrations/ and ui/: everything of the description
// but the calls.
extern "C" const stoa_plugin_desc stoa_generated_desc;

// Once in a plugin: STOA_PLUGIN([](stoa::App& app) { app.get(…); })
#define STOA_PLUGIN(...)                                                \
  namespace {                                                           \
  void stoa_register(::stoa::App& stoa_app) {                           \
    (__VA_ARGS__)(stoa_app);                                            \
  }                                                                     \
  }                                                                     \
  extern "C" STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void) { \
    static const stoa_plugin_desc desc = [] {                           \
      using Entry = ::stoa::detail::Entry<&stoa_register>;              \
      stoa_plugin_desc out = stoa_generated_desc;                       \
      out.create = &Entry::create;                                      \
      out.start = &Entry::start;                                        \
      out.drain = &Entry::drain;                                        \
      out.stop = &Entry::stop;                                          \
      out.destroy = &Entry::destroy;                                    \
      out.configure = &Entry::configure;                                \
      return out;                                                       \
    }();                                                                \
    return &desc;                                                       \
  }                                                                     \
  static_assert(true, "")
