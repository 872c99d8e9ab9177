// Filter hooks: to look at, change or refuse what others create. Include stoa.hpp instead.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "stoa/host.hpp"

namespace stoa {

// What a filter hook says.
struct Verdict {
  stoa_hook_verdict kind = STOA_HOOK_CONTINUE;
  std::string payload;
  Error error;

  static Verdict go_on() { return {}; }
  static Verdict modified(std::string payload) { return {STOA_HOOK_MODIFIED, std::move(payload), {}}; }
  static Verdict rejected(Error error) { return {STOA_HOOK_REJECTED, {}, std::move(error)}; }
};

namespace detail {

struct FilterCall {
  const Host* host;
  std::function<Verdict(std::string_view)> call;
  static stoa_hook_verdict run(void* self, stoa_str payload, const stoa_sink* modified) noexcept {
    auto& filter = *static_cast<FilterCall*>(self);
    try {
      const Verdict verdict = filter.call(view(payload));
      if (verdict.kind == STOA_HOOK_MODIFIED) modified->write(modified->self, str(verdict.payload));
      if (verdict.kind == STOA_HOOK_REJECTED) filter.host->fail(verdict.error);
      return verdict.kind;
    } catch (...) {
      filter.host->log_exception("filter");
      return STOA_HOOK_FAILED;
    }
  }
};

template <class App>
class Hooks {
 public:
  // [create]
  void define_hook(std::string_view hook) {
    const Host& host = static_cast<App&>(*this).host();
    host.require(host.hooks->define(host.ctx, str(hook)));
  }
  // [create]
  void filter(std::string_view hook, int priority, stoa_hook_on_error on_error,
              std::function<Verdict(std::string_view payload)> call) {
    auto& app = static_cast<App&>(*this);
    const Host& host = app.host();
    stoa_filter c{};
    c.size = sizeof c;
    c.priority = priority;
    c.hook = str(hook);
    c.on_error = on_error;
    c.call = &FilterCall::run;
    c.self = &app.template own<FilterCall>(FilterCall{&host, std::move(call)});
    host.require(host.hooks->filter(host.ctx, &c));
  }
  // [worker] The payload after all filters, or the rejection.
  Result<std::string> fire(std::string_view hook, std::string_view payload) {
    const Host& host = static_cast<App&>(*this).host();
    std::string out;
    const stoa_sink sink = sink_to(out);
    const stoa_status status = host.hooks->fire(host.ctx, str(hook), str(payload), &sink);
    if (status != STOA_OK) return host.error(status);
    return out;
  }
};

}  // namespace detail

}  // namespace stoa
