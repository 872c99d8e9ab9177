#include "flood.hpp"

#include <algorithm>

namespace stoa::chat {

// The generic cell rate algorithm, in thousandths of a millisecond so that any rate divides well.
std::int64_t Flood::take(std::uint64_t key, FloodRule rule, std::int64_t now_ms) {
  constexpr std::int64_t kScale = 1'000;
  const std::int64_t now = now_ms * kScale;
  const std::int64_t period = rule.period_ms * kScale;
  const std::int64_t cost = period / rule.count;

  std::lock_guard lock(mutex_);
  if (full_again_at_.size() >= forget_at_) forget(now);
  std::int64_t& full_again = full_again_at_[key];
  const std::int64_t start = std::max(full_again, now);
  const std::int64_t wait = start + cost - (now + period);
  if (wait > 0) return (wait + kScale - 1) / kScale;
  full_again = start + cost;
  return 0;
}

std::size_t Flood::size() const {
  std::lock_guard lock(mutex_);
  return full_again_at_.size();
}

void Flood::forget(std::int64_t now) {
  std::erase_if(full_again_at_, [now](const auto& entry) { return entry.second <= now; });
  forget_at_ = std::max<std::size_t>(1'024, full_again_at_.size() * 2);
}

}  // namespace stoa::chat
