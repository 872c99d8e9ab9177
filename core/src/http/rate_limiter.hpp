// The generic cell rate algorithm (GCRA, ITU-T I.371): one time for each key, no counters to reset.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace stoa::core::http {

struct RateRule {
  std::uint32_t count = 0;     // requests …
  std::uint32_t period_s = 0;  // … in so many seconds, all at once if they like
};

// [any-thread] Bounded: beyond `max_keys` those that are at rest are forgotten, and if none is, everybody's
// oldest.
class RateLimiter {
 public:
  explicit RateLimiter(std::size_t max_keys = 100'000) : max_keys_(max_keys) {}

  struct Verdict {
    bool allowed = true;
    std::uint32_t remaining = 0;  // requests that would be allowed at once now
    int retry_after_s = 0;        // at least 1 when not allowed
    int reset_s = 0;              // until everything is allowed again
  };
  Verdict ask(const std::string& key, RateRule rule, std::chrono::steady_clock::time_point now);

 private:
  const std::size_t max_keys_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::chrono::steady_clock::time_point>
      arrival_;  // theoretical arrival times
};

}  // namespace stoa::core::http
