// One result on its way from the writer thread to a thread that waits for it.
#pragma once

#include <atomic>
#include <utility>

#include "stoa/result.hpp"

namespace stoa::core::storage {

class Waiter {
 public:
  void finish(Result<void> result) {
    result_ = std::move(result);
    ready_.store(true, std::memory_order_release);
    ready_.notify_one();
  }
  Result<void> wait() {
    ready_.wait(false, std::memory_order_acquire);
    return std::move(result_);
  }

 private:
  std::atomic<bool> ready_{false};
  Result<void> result_;
};

}  // namespace stoa::core::storage
