#include "storage/write_queue.hpp"

#include <algorithm>
#include <utility>

namespace stoa::core::storage {
namespace {

constexpr int kGroupsBetweenTurns = 8;

Error closed_error() {
  return {ErrorCode::unavailable, "The storage is closed.", {}};
}

}  // namespace

void WriteQueue::wake(std::unique_lock<std::mutex>& lock) {
  const bool waits = std::exchange(writer_waits_, false);
  lock.unlock();
  if (waits) came_.notify_one();
}

Result<void> WriteQueue::push(WriteItem& item) {
  std::unique_lock lock(mutex_);
  if (is_closed()) return closed_error();
  if (foreground_.size() + low_priority_.size() >= limit_) {
    return Error{ErrorCode::overloaded, "Too many writes are waiting.", {}, {}, 1};
  }
  put(std::move(item));
  wake(lock);
  return {};
}

Result<void> WriteQueue::push_errand(Errand& errand) {
  std::unique_lock lock(mutex_);
  if (is_closed()) return closed_error();
  errands_.push_back(std::move(errand));
  wake(lock);
  return {};
}

void WriteQueue::close() {
  std::unique_lock lock(mutex_);
  closed_.store(true, std::memory_order_release);
  wake(lock);
}

void WriteQueue::push_own(WriteItem item) {
  std::lock_guard lock(mutex_);
  put(std::move(item));
}

void WriteQueue::put(WriteItem item) {
  if (item.low_priority && low_priority_.size() == 0) {
    low_priority_since_ = Clock::now();
    groups_without_low_priority_ = 0;
  }
  (item.low_priority ? low_priority_ : foreground_).push(std::move(item));
}

WriteItem WriteQueue::pop_low_priority() {
  low_priority_since_ = Clock::now();
  groups_without_low_priority_ = 0;
  return low_priority_.pop();
}

WriteQueue::Clock::time_point WriteQueue::low_priority_due() const {
  return is_closed() ? Clock::time_point::min()
                     : std::min(low_priority_since_, foreground_last_) + low_priority_wait_;
}

WriteQueue::Wake WriteQueue::wait(std::optional<Clock::time_point> alarm) {
  std::unique_lock lock(mutex_);
  while (!is_urgent()) {
    const auto now = Clock::now();
    std::optional<Clock::time_point> until = alarm;
    if (low_priority_.size() > 0) {
      const auto due = low_priority_due();
      if (now >= due) return Wake::work;
      until = alarm ? std::min(*alarm, due) : due;
    }
    if (is_closed()) return Wake::end;
    if (alarm && now >= *alarm) return Wake::alarm;
    writer_waits_ = true;
    if (until) {
      came_.wait_until(lock, *until);
    } else {
      came_.wait(lock);
    }
    writer_waits_ = false;
  }
  return Wake::work;
}

std::size_t WriteQueue::size() const {
  std::lock_guard lock(mutex_);
  return foreground_.size() + low_priority_.size();
}

bool WriteQueue::is_empty() const {
  std::lock_guard lock(mutex_);
  return !is_urgent() && low_priority_.size() == 0;
}

std::deque<Errand> WriteQueue::take_errands() {
  std::lock_guard lock(mutex_);
  return std::exchange(errands_, {});
}

std::vector<WriteItem> WriteQueue::take_group(std::size_t limit) {
  std::vector<WriteItem> group;
  std::lock_guard lock(mutex_);
  while (foreground_.size() > 0 && group.size() < limit) group.push_back(foreground_.pop());
  const auto now = Clock::now();
  const bool is_foreground = !group.empty();
  if (low_priority_.size() > 0 && (!is_foreground || ++groups_without_low_priority_ >= kGroupsBetweenTurns ||
                                   now >= low_priority_due())) {
    group.push_back(pop_low_priority());
  }
  if (is_foreground) foreground_last_ = now;
  return group;
}

std::optional<WriteItem> WriteQueue::take_low_priority() {
  std::lock_guard lock(mutex_);
  if (foreground_.size() > 0 || low_priority_.size() == 0) return std::nullopt;
  return pop_low_priority();
}

}  // namespace stoa::core::storage
