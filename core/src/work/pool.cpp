#include "work/pool.hpp"

#include <utility>

namespace stoa::core::work {

using Clock = std::chrono::steady_clock;

Pool::Pool(PoolOptions options) : options_(options) {
  std::lock_guard lock(mutex_);
  for (int i = 0; i < options_.threads; ++i) spawn();
  watcher_ = std::thread([this] { watch(); });
}

Pool::~Pool() {
  stop(std::chrono::seconds(10));
}

void Pool::spawn() {
  ++threads_;
  handles_.emplace_back([this] { work(); });
}

bool Pool::submit(std::string_view owner, std::function<void()> job, std::chrono::milliseconds deadline,
                  std::function<void(bool)> overdue) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return false;
    auto lane = lanes_.find(owner);
    if (lane == lanes_.end()) lane = lanes_.emplace(std::string(owner), Lane{}).first;
    if (lane->second.waiting.size() >= options_.queue_per_owner) return false;
    const auto due = deadline.count() > 0 ? Clock::now() + deadline : Clock::time_point::max();
    lane->second.waiting.push_back(Task{next_id_++, std::move(job), due, std::move(overdue)});
  }
  wake_.notify_one();
  return true;
}

// The next owner after the last one served that has work and may run it.
bool Pool::take(std::string& owner, Task& task) {
  if (lanes_.empty()) return false;
  auto lane = lanes_.upper_bound(last_owner_);
  for (std::size_t i = 0; i < lanes_.size(); ++i, ++lane) {
    if (lane == lanes_.end()) lane = lanes_.begin();
    if (lane->second.waiting.empty() || lane->second.running >= options_.per_owner) continue;
    task = std::move(lane->second.waiting.front());
    lane->second.waiting.pop_front();
    ++lane->second.running;
    owner = last_owner_ = lane->first;
    return true;
  }
  return false;
}

void Pool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    std::string owner;
    Task task;
    while (!take(owner, task)) {
      if (stopping_ || surplus_ > 0) {
        if (!stopping_) --surplus_;
        --threads_;
        ended_.notify_all();
        return;
      }
      wake_.wait(lock);
    }
    running_.emplace(task.id, Running{owner, task.due, std::move(task.overdue)});
    lock.unlock();
    task.run();
    task.run = nullptr;
    lock.lock();
    const auto entry = running_.find(task.id);
    if (entry->second.replaced) ++surplus_;
    running_.erase(entry);
    Lane& lane = lanes_.find(owner)->second;
    if (lane.running-- >= options_.per_owner && !lane.waiting.empty()) wake_.notify_one();
  }
}

void Pool::watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    watch_wake_.wait_for(lock, std::chrono::milliseconds(100));
    const auto now = Clock::now();
    std::vector<std::pair<std::function<void(bool)>, bool>> calls;
    for (auto& [id, running] : running_) {
      if (running.due > now || running.replaced) continue;
      running.replaced = true;
      if (running.overdue) calls.emplace_back(std::move(running.overdue), true);
      spawn();
    }
    for (auto& [owner, lane] : lanes_) {
      while (!lane.waiting.empty() && lane.waiting.front().due <= now) {
        if (lane.waiting.front().overdue) calls.emplace_back(std::move(lane.waiting.front().overdue), false);
        lane.waiting.pop_front();
      }
    }
    if (calls.empty()) continue;
    lock.unlock();
    for (auto& [call, started] : calls) call(started);
    lock.lock();
  }
}

bool Pool::stop(std::chrono::milliseconds deadline) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  watch_wake_.notify_all();
  const bool clean = ended_.wait_for(lock, deadline, [&] { return threads_ == 0; });
  if (!clean) {
    for (auto& [owner, lane] : lanes_) lane.waiting.clear();
  }
  std::vector<std::thread> handles = std::move(handles_);
  handles_.clear();
  lock.unlock();
  if (watcher_.joinable()) watcher_.join();
  for (std::thread& handle : handles) clean ? handle.join() : handle.detach();
  return clean;
}

Pool::OwnerStats Pool::stats(std::string_view owner) const {
  std::lock_guard lock(mutex_);
  const auto lane = lanes_.find(owner);
  if (lane == lanes_.end()) return {};
  return {lane->second.waiting.size(), lane->second.running};
}

}  // namespace stoa::core::work
