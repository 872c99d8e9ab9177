#include "password_pool.hpp"

#include <utility>

namespace stoa::auth {

void PasswordPool::start() {
  std::lock_guard lock(mutex_);
  running_ = true;
  for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { work(); });
}

void PasswordPool::stop() {
  std::vector<std::thread> threads;
  std::deque<std::function<void()>> dropped;
  {
    std::lock_guard lock(mutex_);
    running_ = false;
    threads.swap(threads_);
    dropped.swap(jobs_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

bool PasswordPool::submit(std::function<void()> job) {
  {
    std::lock_guard lock(mutex_);
    if (!running_ || jobs_.size() >= kMostWaiting) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void PasswordPool::work() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !running_ || !jobs_.empty(); });
      if (!running_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace stoa::auth
