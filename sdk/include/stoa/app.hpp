// One generation of a plugin inside the host, and the entry the host calls. Include stoa.hpp instead.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/commands.hpp"
#include "stoa/events.hpp"
#include "stoa/hooks.hpp"
#include "stoa/host.hpp"
#include "stoa/jobs.hpp"
#include "stoa/metrics.hpp"
#include "stoa/pages.hpp"
#include "stoa/realtime.hpp"
#include "stoa/request.hpp"
#include "stoa/result.hpp"
#include "stoa/routes.hpp"
#include "stoa/services.hpp"
#include "stoa/storage.hpp"

namespace stoa {

// Registration only in the function given to STOA_PLUGIN; everything else from start on. Lives until destroy.
// Its parts are in the headers of their names.
class App : public detail::Routes<App>,
            public detail::Pages<App>,
            public detail::Hooks<App>,
            public detail::Events<App>,
            public detail::Realtime<App>,
            public detail::Services<App>,
            public detail::Commands<App>,
            public detail::Jobs<App>,
            public detail::Metrics<App> {
 public:
  App(const stoa_host* host, stoa_ctx* ctx) {
    host_.host = host;
    host_.ctx = ctx;
    host_.fetch();
  }
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // ---- Permissions [create]
  void declare_permission(std::string_view permission, Role lowest) {
    host_.require(
        host_.permissions->declare(host_.ctx, detail::str(permission), static_cast<stoa_role>(lowest)));
  }

  // ---- Lifecycle [create]. Start in order of registration, stop in reverse.
  void on_start(std::function<Result<void>()> call) { starts_.push_back(std::move(call)); }
  void on_drain(std::function<void(std::uint32_t deadline_ms)> call) { drains_.push_back(std::move(call)); }
  void on_stop(std::function<void()> call) { stops_.push_back(std::move(call)); }
  void on_configure(std::function<Result<void>(std::string_view settings)> call) {
    configure_ = std::move(call);
  }
  // Asked [jobs] now and then, within seconds: an error is a sentence for operators on what is wrong.
  void on_health(std::function<Result<void>()> call) { health_ = std::move(call); }

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
  stoa_status health(const stoa_sink* detail) noexcept {
    return guarded("health", [&]() -> Result<void> {
      const Result<void> well = health_ ? health_() : Result<void>{};
      if (!well) detail->write(detail->self, detail::str(well.error().message));
      return well;
    });
  }

 private:
  template <class F>
  stoa_status guarded(const char* where, F&& work) noexcept {
    return detail::contained(host_, where, std::forward<F>(work));
  }

  detail::Host host_;
  std::vector<std::shared_ptr<void>> owned_;
  std::vector<std::function<Result<void>()>> starts_;
  std::vector<std::function<void(std::uint32_t)>> drains_;
  std::vector<std::function<void()>> stops_;
  std::function<Result<void>(std::string_view)> configure_;
  std::function<Result<void>()> health_;
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
  static stoa_status health(void* self, const stoa_sink* detail) noexcept {
    return static_cast<App*>(self)->health(detail);
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
      out.health = &Entry::health;                                      \
      return out;                                                       \
    }();                                                                \
    return &desc;                                                       \
  }                                                                     \
  static_assert(true, "")
