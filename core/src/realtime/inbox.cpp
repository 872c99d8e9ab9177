#include "realtime/inbox.hpp"

namespace stoa::core::realtime {

void Inbox::push(Command command) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  waiting_.push_back(std::move(command));
  if (waiting_.size() == 1) wake_();
}

std::vector<Command> Inbox::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

void Inbox::close() {
  std::vector<Command> dropped;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(waiting_);
}

}  // namespace stoa::core::realtime
