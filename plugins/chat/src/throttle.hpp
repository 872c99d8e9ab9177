// Refuses what comes too often, unless the operator has switched limits off.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "flood.hpp"
#include "stoa/result.hpp"

namespace stoa::chat {

// [any-thread]
class Throttle {
 public:
  // monotonic_ms: never goes back. limits_enabled: asked only before something is refused.
  Throttle(std::function<std::int64_t()> monotonic_ms, std::function<bool()> limits_enabled)
      : monotonic_ms_(std::move(monotonic_ms)), limits_enabled_(std::move(limits_enabled)) {}

  // Counts one. Error: rate_limited with the seconds to wait.
  Result<void> check(std::uint64_t key, FloodRule rule, std::string_view message) {
    const std::int64_t wait_ms = flood_.take(key, rule, monotonic_ms_());
    if (wait_ms == 0 || !limits_enabled_()) return {};
    Error error{ErrorCode::rate_limited, std::string(message)};
    error.retry_after_s = static_cast<int>((wait_ms + 999) / 1'000);
    return error;
  }

 private:
  std::function<std::int64_t()> monotonic_ms_;
  std::function<bool()> limits_enabled_;
  Flood flood_;
};

}  // namespace stoa::chat
