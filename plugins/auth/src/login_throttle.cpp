#include "login_throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace stoa::auth {

namespace {
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 3'600'000;

int seconds_until(std::int64_t at_ms, std::int64_t now_ms) {
  return static_cast<int>(std::max<std::int64_t>(1, (at_ms - now_ms + 999) / 1'000));
}
}  // namespace

template <class T>
T& LoginThrottle::Recent<T>::use(const std::string& key) {
  if (const auto found = index_.find(key); found != index_.end()) {
    order_.splice(order_.begin(), order_, found->second);
  } else {
    if (order_.size() >= kMost) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    order_.emplace_front(key, T{});
    index_[key] = order_.begin();
  }
  return order_.front().second;
}

template <class T>
void LoginThrottle::Recent<T>::erase(const std::string& key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return;
  order_.erase(found->second);
  index_.erase(found);
}

int LoginThrottle::wait_of_address(Address& entry, const ThrottleLimits& limits, std::int64_t now_ms) const {
  auto& attempts = entry.attempts;
  while (!attempts.empty() && attempts.front() <= now_ms - kHourMs) attempts.pop_front();
  const auto oldest_of_last = [&](int count) { return *(attempts.end() - count); };
  int wait = 0;
  if (attempts.size() >= static_cast<std::size_t>(limits.per_hour))
    wait = seconds_until(oldest_of_last(limits.per_hour) + kHourMs, now_ms);
  if (attempts.size() >= static_cast<std::size_t>(limits.per_minute)) {
    const std::int64_t free_at = oldest_of_last(limits.per_minute) + kMinuteMs;
    if (free_at > now_ms) wait = std::max(wait, seconds_until(free_at, now_ms));
  }
  return wait;
}

int LoginThrottle::wait_of_name(Name& entry, const ThrottleLimits& limits, std::int64_t now_ms) const {
  if (now_ms - entry.last_ms > kForgetMs) entry.failures = 0;
  if (entry.failures < limits.failures) return 0;
  const int doublings = std::min(entry.failures - limits.failures, 20);
  const std::int64_t delay = std::min(kLongestDelayMs, kFirstDelayMs << doublings);
  const std::int64_t free_at = entry.last_ms + delay;
  return free_at > now_ms ? seconds_until(free_at, now_ms) : 0;
}

int LoginThrottle::attempt(std::string_view address, std::string_view name, const ThrottleLimits& limits,
                           std::int64_t now_ms) {
  std::lock_guard lock(mutex_);
  Address& from = addresses_.use(std::string(address));
  Name& to = names_.use(std::string(name));
  const int wait = std::max(wait_of_address(from, limits, now_ms), wait_of_name(to, limits, now_ms));
  if (wait > 0) return wait;
  from.attempts.push_back(now_ms);
  ++to.failures;
  to.last_ms = now_ms;
  return 0;
}

int LoginThrottle::attempt(std::string_view name, const ThrottleLimits& limits, std::int64_t now_ms) {
  std::lock_guard lock(mutex_);
  Name& to = names_.use(std::string(name));
  if (const int wait = wait_of_name(to, limits, now_ms); wait > 0) return wait;
  ++to.failures;
  to.last_ms = now_ms;
  return 0;
}

void LoginThrottle::succeeded(std::string_view name) {
  std::lock_guard lock(mutex_);
  names_.erase(std::string(name));
}

std::string throttle_address(std::string_view peer) {
  const std::string text(peer);
  in6_addr address{};
  if (::inet_pton(AF_INET6, text.c_str(), &address) != 1) return text;
  if (IN6_IS_ADDR_V4MAPPED(&address)) return text;
  std::memset(address.s6_addr + 8, 0, 8);
  char out[INET6_ADDRSTRLEN];
  return ::inet_ntop(AF_INET6, &address, out, sizeof out) ? out : text;
}

}  // namespace stoa::auth
