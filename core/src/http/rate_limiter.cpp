#include "http/rate_limiter.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace stoa::core::http {
namespace {

constexpr std::chrono::seconds kBetweenSweeps{1};
constexpr int kCandidates = 8;

}  // namespace

std::string network_of(const std::string& address) {
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), &bytes) != 1) return address;
  char text[INET6_ADDRSTRLEN] = {};
  if (IN6_IS_ADDR_V4MAPPED(&bytes)) {
    ::inet_ntop(AF_INET, bytes.s6_addr + 12, text, sizeof text);
    return text;
  }
  std::memset(bytes.s6_addr + 8, 0, 8);
  ::inet_ntop(AF_INET6, &bytes, text, sizeof text);
  return std::string(text) + "/64";
}

void RateLimiter::make_room(Time now) {
  if (!swept_ || now - *swept_ >= kBetweenSweeps) {
    swept_ = now;
    std::erase_if(arrival_, [&](const auto& entry) { return entry.second <= now; });
    if (arrival_.size() < max_keys_) return;
  }
  const std::size_t buckets = arrival_.bucket_count();
  const std::string* victim = nullptr;
  Time first{};
  // As many keys as buckets, or nearly: there is one within a few steps.
  for (int seen = 0; seen < kCandidates;) {
    bucket_ = (bucket_ + 1) % buckets;
    for (auto entry = arrival_.cbegin(bucket_); entry != arrival_.cend(bucket_); ++entry) {
      ++seen;
      if (victim && entry->second >= first) continue;
      victim = &entry->first;
      first = entry->second;
    }
  }
  arrival_.erase(*victim);
}

std::size_t RateLimiter::size() const {
  const std::lock_guard lock(mutex_);
  return arrival_.size();
}

RateLimiter::Verdict RateLimiter::ask(const std::string& key, RateRule rule, Time now) {
  using Duration = std::chrono::steady_clock::duration;
  if (rule.count == 0 || rule.period_s == 0) return {};
  const Duration period = std::chrono::seconds(rule.period_s);
  const Duration interval = period / rule.count;
  const auto seconds = [](Duration d) {
    return static_cast<int>(std::ceil(std::chrono::duration<double>(std::max(d, Duration::zero())).count()));
  };

  std::lock_guard lock(mutex_);
  if (arrival_.size() >= max_keys_ && !arrival_.count(key)) make_room(now);
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
