// One number or one histogram.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stoa::core::metrics {

// [any-thread] Without a lock.
class Cell {
 public:
  // With bounds: a histogram.
  explicit Cell(std::size_t bounds) : buckets_(bounds == 0 ? 0 : bounds + 1) {}

  void add(double amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  // `bounds` rise; there are as many as at the construction.
  void observe(double value, std::span<const double> bounds) {
    std::size_t bucket = 0;
    while (bucket < bounds.size() && value > bounds[bucket]) ++bucket;
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    add(value);
  }

  double value() const { return value_.load(std::memory_order_relaxed); }  // of a histogram: the sum
  // How many values were at most the bound of that bucket and above the one before; the last: above all.
  std::uint64_t in_bucket(std::size_t bucket) const {
    return buckets_[bucket].load(std::memory_order_relaxed);
  }

 private:
  std::atomic<double> value_{0};
  std::vector<std::atomic<std::uint64_t>> buckets_;
};

}  // namespace stoa::core::metrics
