// A thread that keeps sessions tidy, out of everybody's way.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace stoa::auth {

class Housekeeping {
 public:
  // `reload` runs a few times soon after the start, `keep_house` every minute. Both must not throw.
  Housekeeping(std::function<void()> reload, std::function<void()> keep_house)
      : reload_(std::move(reload)), keep_house_(std::move(keep_house)) {}
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;
  ~Housekeeping() { stop(); }

  void start();
  // Idempotent.
  void stop();

 private:
  void work();
  // False when it is time to stop.
  bool sleep(std::chrono::seconds time);

  std::function<void()> reload_;
  std::function<void()> keep_house_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  std::thread thread_;
};

}  // namespace stoa::auth
