#include "plugins/budget.hpp"

#include <algorithm>

namespace stoa::core::plugins {

Budget::Admission Budget::admit(Clock::time_point now) {
  std::lock_guard lock(mutex_);
  if (!open_) return {};
  if (now < until_ || trying_) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(until_ - now).count();
    return {false, static_cast<int>(std::max<std::int64_t>(1, left))};
  }
  trying_ = true;
  return {};
}

void Budget::note(bool failed, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  failures_ += failed;
  if (open_) {
    // Answers to what was let in before the pause say nothing about now.
    if (!trying_) return;
    trying_ = false;
    if (failed) return pause(now);
    open_ = false;
    length_ = {};
    answers_ = failed_ = 0;
    window_start_ = now;
    return;
  }
  if (now - window_start_ > kWindow) {
    window_start_ = now;
    answers_ = failed_ = 0;
  }
  ++answers_;
  failed_ += failed;
  if (failed_ >= kFailures && failed_ * 2 >= answers_) pause(now);
}

void Budget::abandon() {
  std::lock_guard lock(mutex_);
  trying_ = false;
}

void Budget::pause(Clock::time_point now) {
  open_ = true;
  ++pauses_;
  length_ = length_.count() == 0 ? kFirstPause : std::min(length_ * 2, kLongestPause);
  until_ = now + length_;
}

Budget::State Budget::state(Clock::time_point now) const {
  std::lock_guard lock(mutex_);
  return {open_ && (now < until_ || trying_), pauses_, failures_};
}

}  // namespace stoa::core::plugins
