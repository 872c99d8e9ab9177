#include "storage/watch.hpp"

#include <algorithm>
#include <utility>

namespace stoa::core::storage {
namespace {

// After so many looks without anything to see it sleeps until a closure begins; before that, beginnings are
// free.
constexpr int kIdleLooks = 8;

}  // namespace

Watch::Watch(std::chrono::milliseconds slow, std::chrono::milliseconds stuck, Alarms alarms)
    : slow_(slow), stuck_(stuck), alarms_(std::move(alarms)), thread_([this] { run(); }) {}

Watch::~Watch() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Watch::start(const std::string& owner, bool may_be_long) {
  std::unique_lock lock(mutex_);
  owner_ = &owner;
  started_ = Clock::now();
  slow_told_ = false;
  stuck_told_ = may_be_long;
  if (!std::exchange(asleep_, false)) return;
  lock.unlock();
  changed_.notify_all();
}

void Watch::stop() {
  std::lock_guard lock(mutex_);
  owner_ = nullptr;
}

void Watch::run() {
  const auto pause = std::max(std::min(slow_, stuck_) / 4, std::chrono::milliseconds(1));
  int idle_looks = 0;
  std::unique_lock lock(mutex_);
  while (!ending_) {
    changed_.wait_for(lock, pause);
    look(lock);
    idle_looks = owner_ ? 0 : idle_looks + 1;
    if (idle_looks < kIdleLooks || ending_) continue;
    asleep_ = true;
    changed_.wait(lock, [this] { return ending_ || !asleep_; });
    idle_looks = 0;
  }
}

void Watch::look(std::unique_lock<std::mutex>& lock) {
  if (!owner_) return;
  const auto taken = Clock::now() - started_;
  const bool slow = taken >= slow_ && !std::exchange(slow_told_, slow_told_ || taken >= slow_);
  const bool stuck = taken >= stuck_ && !std::exchange(stuck_told_, stuck_told_ || taken >= stuck_);
  if (!slow && !stuck) return;
  const std::string owner = *owner_;
  lock.unlock();
  if (slow && alarms_.slow) alarms_.slow(owner);
  if (stuck && alarms_.stuck) alarms_.stuck(owner);
  lock.lock();
}

}  // namespace stoa::core::storage
