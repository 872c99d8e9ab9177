// How often somebody may do something: so many at once, given back evenly. Kept in memory only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace stoa::chat {

struct FloodRule {
  std::int64_t count = 1;      // at once, ≥ 1
  std::int64_t period_ms = 1;  // in which all of them are given back
};

// [any-thread]
class Flood {
 public:
  // Milliseconds until `key` may go on, 0: now, and counted. `now_ms` never goes back.
  std::int64_t take(std::uint64_t key, FloodRule rule, std::int64_t now_ms);

  // Keys remembered; those that are free again are forgotten now and then.
  std::size_t size() const;

 private:
  void forget(std::int64_t now);

  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::int64_t> full_again_at_;
  std::size_t forget_at_ = 1'024;
};

}  // namespace stoa::chat
