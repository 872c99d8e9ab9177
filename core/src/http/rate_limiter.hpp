// The generic cell rate algorithm (GCRA, ITU-T I.371): one time for each key, no counters to reset.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace stoa::core::http {

struct RateRule {
  std::uint32_t count = 0;     // requests …
  std::uint32_t period_s = 0;  // … in so many seconds, all at once if they like
};

// Who an address stands for: of IPv6 the first 64 bits, since anybody with one such address has them all
// ("2001:db8::/64"); of everything else itself.
std::string network_of(const std::string& address);

// [any-thread] Bounded: beyond `max_keys` those that are at rest are forgotten, and if none is, for each new
// key one of a few others, the one that would have come to rest first. Takes constant time, but for one sweep
// a second.
class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit RateLimiter(std::size_t max_keys = 100'000) : max_keys_(max_keys) {}

  struct Verdict {
    bool allowed = true;
    std::uint32_t remaining = 0;  // requests that would be allowed at once now
    int retry_after_s = 0;        // at least 1 when not allowed
    int reset_s = 0;              // until everything is allowed again
  };
  Verdict ask(const std::string& key, RateRule rule, Time now);
  std::size_t size() const;

 private:
  void make_room(Time now);

  const std::size_t max_keys_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Time> arrival_;  // theoretical arrival times
  std::optional<Time> swept_;
  std::size_t bucket_ = 0;  // where the next one to be forgotten is looked for
};

}  // namespace stoa::core::http
