// How long the last job of a queue will wait, told by how fast those before it leave, and whether that is too
// long. Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>

namespace stoa::core::work {

// How long a queue may get. A burst is taken in whole and worked off. Where more comes than can be done,
// waiting helps nobody, it only makes every answer late: so the patience shrinks from `burst` to `standing`
// while the expected wait is above `standing`, and grows again when it is below.
struct Patience {
  std::size_t jobs = 64;  // so many may wait in any case
  std::chrono::milliseconds burst{250};
  std::chrono::milliseconds standing{20};
  std::chrono::milliseconds lasting{500};  // after so long above `standing` it has shrunk
  int recovery = 64;                       // it grows so many times more slowly
};

class Backlog {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // A job comes into the empty queue.
  void began(const Patience& patience, Time now);
  // A job leaves the queue for a thread; so many wait behind it.
  void left(const Patience& patience, std::size_t waiting, Time now);

  // Of the last of so many jobs that wait.
  std::chrono::nanoseconds expected_wait(std::size_t waiting) const {
    return interval_ * static_cast<std::chrono::nanoseconds::rep>(waiting);
  }
  // Whether one more would wait too long behind so many.
  bool is_too_long(const Patience& patience, std::size_t waiting) const;

 private:
  void recover(const Patience& patience, std::chrono::nanoseconds calm);

  Time last_{};                           // when one left, or the first came
  std::chrono::nanoseconds interval_{0};  // between two that leave while others wait; a moving average
  std::chrono::nanoseconds strain_{0};    // how long it was above `standing`, less the recovery
};

}  // namespace stoa::core::work
