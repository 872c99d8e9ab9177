// A plugin that fails too often is paused, tried again with one request, and goes on when that one succeeds.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace stoa::core::plugins {

// [any-thread] A failure is an answer 500: an exception, or a handler that gave none.
class Budget {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr int kFailures = 20;                      // so many, and half of all, …
  static constexpr std::chrono::seconds kWindow{10};        // … within that: it is paused for
  static constexpr std::chrono::seconds kFirstPause{5};     // that long, doubled when the trial fails,
  static constexpr std::chrono::seconds kLongestPause{60};  // at most that.

  struct Admission {
    bool admitted = true;
    int retry_after_s = 0;
  };
  Admission admit(Clock::time_point now);
  // The answer of a request that was admitted.
  void note(bool failed, Clock::time_point now);

  // A request that was admitted came to nothing: refused, too late, its client gone.
  void abandon();

  // How often it was paused; whether it is now.
  struct State {
    bool paused = false;
    std::uint64_t pauses = 0;
    std::uint64_t failures = 0;
  };
  State state(Clock::time_point now) const;

 private:
  void pause(Clock::time_point now);

  mutable std::mutex mutex_;
  Clock::time_point window_start_{};
  int answers_ = 0, failed_ = 0;  // in this window
  bool open_ = false;             // paused, or being tried
  bool trying_ = false;
  Clock::time_point until_{};
  std::chrono::seconds length_{0};
  std::uint64_t pauses_ = 0, failures_ = 0;
};

}  // namespace stoa::core::plugins
