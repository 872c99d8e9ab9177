// One result on its way from the writer thread to a thread that waits for it.
#pragma once

#include <semaphore.h>

#include <utility>

#include "stoa/result.hpp"

namespace stoa::core::storage {

// With a semaphore of the system, which sleeps at once: std::atomic::wait yields the processor several times
// first, and dozens of workers that wait for a commit took an eighth of both processors with that.
class Waiter {
 public:
  Waiter() { ::sem_init(&ready_, 0, 0); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { ::sem_destroy(&ready_); }

  void finish(Result<void> result) {
    result_ = std::move(result);
    ::sem_post(&ready_);
  }
  Result<void> wait() {
    while (::sem_wait(&ready_) != 0) {
    }  // a signal came between
    return std::move(result_);
  }

 private:
  ::sem_t ready_;
  Result<void> result_;
};

}  // namespace stoa::core::storage
