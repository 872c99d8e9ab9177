#include "storage/write_queue.hpp"

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
  (item.low_priority ? low_priority_ : foreground_).push(std::move(item));
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
  (item.low_priority ? low_priority_ : foreground_).push(std::move(item));
}

WriteQueue::Wake WriteQueue::wait(std::optional<std::chrono::steady_clock::time_point> alarm) {
  std::unique_lock lock(mutex_);
  while (!has_work()) {
    if (is_closed()) return Wake::end;
    writer_waits_ = true;
    if (!alarm) {
      came_.wait(lock);
    } else if (came_.wait_until(lock, *alarm) == std::cv_status::timeout && !has_work()) {
      writer_waits_ = false;
      return is_closed() ? Wake::end : Wake::alarm;
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
  return !has_work();
}

std::deque<Errand> WriteQueue::take_errands() {
  std::lock_guard lock(mutex_);
  return std::exchange(errands_, {});
}

std::vector<WriteItem> WriteQueue::take_group(std::size_t limit) {
  std::vector<WriteItem> group;
  std::lock_guard lock(mutex_);
  while (foreground_.size() > 0 && group.size() < limit) group.push_back(foreground_.pop());
  if (low_priority_.size() == 0) {
    groups_without_low_priority_ = 0;
  } else if (group.empty() || ++groups_without_low_priority_ >= kGroupsBetweenTurns) {
    group.push_back(low_priority_.pop());
    groups_without_low_priority_ = 0;
  }
  return group;
}

std::optional<WriteItem> WriteQueue::take_low_priority() {
  std::lock_guard lock(mutex_);
  if (foreground_.size() > 0 || low_priority_.size() == 0) return std::nullopt;
  return low_priority_.pop();
}

}  // namespace stoa::core::storage
