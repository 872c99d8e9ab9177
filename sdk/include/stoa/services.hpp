// What plugins offer each other. Include stoa.hpp instead.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "stoa/host.hpp"

namespace stoa::detail {

struct WatchCall {
  const Host* host;
  std::function<void()> available, gone;
  static void run_available(void* self) noexcept {
    run(*static_cast<WatchCall*>(self), &WatchCall::available);
  }
  static void run_gone(void* self) noexcept { run(*static_cast<WatchCall*>(self), &WatchCall::gone); }
  static void run(WatchCall& call, std::function<void()> WatchCall::*what) noexcept {
    (void)contained(*call.host, "watch", [&]() -> Result<void> {
      if (call.*what) (call.*what)();
      return {};
    });
  }
};

template <class App>
class Services {
 public:
  // [create] `table` lives until destroy.
  void provide(std::string_view id, const void* table) {
    const Host& host = static_cast<App&>(*this).host();
    host.require(host.services->provide(host.ctx, str(id), table));
  }
  // [create] Both are called [lifecycle]: whenever a provider has become active (also right after this
  // plugin's start, when there is one), and before it drains. Either may be empty.
  void watch(std::string_view id, std::function<void()> available, std::function<void()> gone = {}) {
    auto& app = static_cast<App&>(*this);
    const Host& host = app.host();
    auto& call = app.template own<WatchCall>(WatchCall{&host, std::move(available), std::move(gone)});
    host.require(
        host.services->watch(host.ctx, str(id), &call, &WatchCall::run_available, &WatchCall::run_gone));
  }
};

}  // namespace stoa::detail
