// Sees from beside the writer thread how long a closure takes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace stoa::core::storage {

class Watch {
 public:
  // Both are called on the watch's thread, each at most once for a closure.
  struct Alarms {
    std::function<void(const std::string& owner)> slow;
    std::function<void(const std::string& owner)> stuck;
  };
  Watch(std::chrono::milliseconds slow, std::chrono::milliseconds stuck, Alarms alarms);
  ~Watch();

  // [writer] `owner` stays until stop(). `may_be_long`: never stuck, as a migration.
  void start(const std::string& owner, bool may_be_long);
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  void run();
  void look(std::unique_lock<std::mutex>& lock);

  const std::chrono::milliseconds slow_, stuck_;
  const Alarms alarms_;
  std::mutex mutex_;
  std::condition_variable changed_;
  const std::string* owner_ = nullptr;  // of the closure that runs now
  Clock::time_point started_;
  bool slow_told_ = false, stuck_told_ = false;
  bool asleep_ = false, ending_ = false;
  std::thread thread_;
};

}  // namespace stoa::core::storage
