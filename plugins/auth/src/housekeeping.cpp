#include "housekeeping.hpp"

namespace stoa::auth {

void Housekeeping::start() {
  running_ = true;
  thread_ = std::thread([this] { work(); });
}

void Housekeeping::stop() {
  {
    std::lock_guard lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Housekeeping::sleep(std::chrono::seconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [&] { return !running_; });
}

void Housekeeping::work() {
  using std::chrono::seconds;
  // While this generation started, the one before it still took registrations and logouts; it is drained
  // within these times.
  for (const seconds pause : {seconds(2), seconds(13)}) {
    if (!sleep(pause)) return;
    reload_();
  }
  while (sleep(seconds(60))) keep_house_();
}

}  // namespace stoa::auth
