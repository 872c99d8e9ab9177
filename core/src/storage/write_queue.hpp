// What waits for the writer thread: closures of two priorities, and errands of the host.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "storage/connection.hpp"
#include "storage/lanes.hpp"

namespace stoa::core::storage {

struct Errand {
  std::function<Result<void>(Connection&)> run;
  Database::Done done;
};

class WriteQueue {
 public:
  WriteQueue(std::size_t limit, std::chrono::milliseconds low_priority_wait)
      : limit_(limit), low_priority_wait_(low_priority_wait) {}

  // [any-thread] Takes the item only if it succeeds. Errors: overloaded, unavailable (closed).
  Result<void> push(WriteItem& item);
  Result<void> push_errand(Errand& errand);
  // [any-thread] Nothing is taken from here on.
  void close();
  bool is_closed() const { return closed_.load(std::memory_order_acquire); }

  // [any-thread] Closures that wait.
  std::size_t size() const;

  // All others: [writer].
  // Past the limit, and though it may be closed.
  void push_own(WriteItem item);
  enum class Wake { work, alarm, end };
  // `end`: closed, and nothing is left. Low priority alone is work only after a short while: a sync of its
  // own for each commit of the foreground would halve what the disk can take.
  Wake wait(std::optional<std::chrono::steady_clock::time_point> alarm);
  bool is_empty() const;
  std::deque<Errand> take_errands();
  // Closures for one commit: those of the foreground in turns, and one of low priority behind them where
  // nothing else waits or where it has waited long enough.
  std::vector<WriteItem> take_group(std::size_t limit);
  // Another of low priority, unless somebody in the foreground waits by now.
  std::optional<WriteItem> take_low_priority();

 private:
  using Clock = std::chrono::steady_clock;
  bool is_urgent() const { return foreground_.size() + errands_.size() > 0; }
  Clock::time_point low_priority_due() const;
  void put(WriteItem item);
  WriteItem pop_low_priority();
  void wake(std::unique_lock<std::mutex>& lock);

  const std::size_t limit_;
  const std::chrono::milliseconds low_priority_wait_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  bool writer_waits_ = false;  // only then it is notified
  Lanes foreground_, low_priority_;
  int groups_without_low_priority_ = 0;
  Clock::time_point low_priority_since_;  // when its oldest came, or had its turn last
  Clock::time_point foreground_last_;     // when a group of it was taken last
  std::deque<Errand> errands_;
  std::atomic<bool> closed_{false};
};

}  // namespace stoa::core::storage
