// The two threads that hash passwords, so that logins never take the memory or the workers of everything
// else.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace stoa::auth {

class PasswordPool {
 public:
  static constexpr std::size_t kThreads = 2;
  static constexpr std::size_t kMostWaiting = 32;

  PasswordPool() = default;
  PasswordPool(const PasswordPool&) = delete;
  PasswordPool& operator=(const PasswordPool&) = delete;
  ~PasswordPool() { stop(); }

  void start();
  // Waits for the jobs that run; those that wait are destroyed unrun. Idempotent.
  void stop();

  // [any-thread] False when too many wait, or it does not run. `job` must not throw.
  [[nodiscard]] bool submit(std::function<void()> job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
  bool running_ = false;
};

}  // namespace stoa::auth
