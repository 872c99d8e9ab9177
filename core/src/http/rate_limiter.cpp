#include "http/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace stoa::core::http {

RateLimiter::Verdict RateLimiter::ask(const std::string& key, RateRule rule,
                                      std::chrono::steady_clock::time_point now) {
  using Duration = std::chrono::steady_clock::duration;
  if (rule.count == 0 || rule.period_s == 0) return {};
  const Duration period = std::chrono::seconds(rule.period_s);
  const Duration interval = period / rule.count;
  const auto seconds = [](Duration d) {
    return static_cast<int>(std::ceil(std::chrono::duration<double>(std::max(d, Duration::zero())).count()));
  };

  std::lock_guard lock(mutex_);
  if (arrival_.size() >= max_keys_ && !arrival_.count(key)) {
    std::erase_if(arrival_, [&](const auto& entry) { return entry.second <= now; });
    if (arrival_.size() >= max_keys_) {
      arrival_.erase(std::min_element(arrival_.begin(), arrival_.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; }));
    }
  }
  auto& arrival = arrival_[key];
  const auto next = std::max(arrival, now) + interval;
  if (next - now > period) {
    const Duration wait = next - now - period;
    return {false, 0, std::max(1, seconds(wait)), seconds(arrival - now)};
  }
  arrival = next;
  return {true, static_cast<std::uint32_t>((period - (next - now)) / interval), 0, seconds(next - now)};
}

}  // namespace stoa::core::http
