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
  explicit WriteQueue(std::size_t limit) : limit_(limit) {}

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
  // `end`: closed, and nothing is left.
  Wake wait(std::optional<std::chrono::steady_clock::time_point> alarm);
  bool is_empty() const;
  std::deque<Errand> take_errands();
  // Closures for one commit: those of the foreground in turns, and one of low priority behind them where
  // nothing else waits or where it has waited for several commits.
  std::vector<WriteItem> take_group(std::size_t limit);
  // Another of low priority, unless somebody in the foreground waits by now.
  std::optional<WriteItem> take_low_priority();

 private:
  bool has_work() const { return foreground_.size() + low_priority_.size() + errands_.size() > 0; }
  void wake(std::unique_lock<std::mutex>& lock);

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  bool writer_waits_ = false;  // only then it is notified
  Lanes foreground_, low_priority_;
  int groups_without_low_priority_ = 0;
  std::deque<Errand> errands_;
  std::atomic<bool> closed_{false};
};

}  // namespace stoa::core::storage
