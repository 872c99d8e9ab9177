#include "work/pool.hpp"

#include <pthread.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace stoa::core::work {

using Clock = std::chrono::steady_clock;

namespace {
constexpr std::chrono::milliseconds kWatch{100};
}

thread_local constinit Pool::Current Pool::current_{nullptr, nullptr};

Pool::Pool(PoolOptions options) : options_(options) {
  std::lock_guard lock(mutex_);
  for (int i = 0; i < options_.threads; ++i) spawn(false);
  watcher_ = std::thread([this] { watch(); });
}

Pool::~Pool() {
  stop(std::chrono::seconds(10));
}

void Pool::spawn(bool is_called) {
  handles_.emplace_back([this, is_called] { work(is_called); });
  ++threads_;
  if (is_called) ++coming_;
}

bool Pool::submit(std::string_view owner, std::function<void()> job, std::chrono::milliseconds deadline,
                  std::function<void(bool)> overdue) {
  std::lock_guard lock(mutex_);
  if (stopping_) return false;
  auto lane = lanes_.find(owner);
  if (lane == lanes_.end()) lane = lanes_.emplace(std::string(owner), Lane{}).first;
  if (lane->second.waiting.size() >= options_.queue_per_owner) return false;
  const auto now = Clock::now();
  const auto due = deadline.count() > 0 ? now + deadline : Clock::time_point::max();
  if (lane->second.waiting.empty()) lane->second.backlog.began(options_.patience, now);
  lane->second.waiting.push_back(Task{next_id_++, std::move(job), due, std::move(overdue)});
  if (may_take(lane->second)) call();
  return true;
}

bool Pool::is_overloaded(std::string_view owner) const {
  std::lock_guard lock(mutex_);
  const auto lane = lanes_.find(owner);
  return lane != lanes_.end() &&
         lane->second.backlog.is_too_long(options_.patience, lane->second.waiting.size());
}

bool Pool::may_take(const Lane& lane) const {
  return !lane.waiting.empty() && lane.running < options_.per_owner;
}

bool Pool::may_any_be_taken() const {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [this](const auto& lane) { return may_take(lane.second); });
}

bool Pool::may_begin() const {
  return busy_ < options_.threads && (options_.computing == 0 || busy_ - long_ < options_.computing);
}

// Those that keep others waiting may turn out to be long ones: somebody has to look.
void Pool::expect_long_ones() {
  if (waits_for_long_ || busy_ >= options_.threads || may_begin() || !may_any_be_taken()) return;
  waits_for_long_ = true;
  watch_wake_.notify_one();
}

bool Pool::mark_long_ones(Clock::time_point now) {
  const int before = long_;
  for (auto& [id, running] : running_) {
    if (running.is_long || running.blocked || running.replaced || now - running.began < options_.long_job)
      continue;
    running.is_long = true;
    ++long_;
  }
  return long_ > before;
}

void Pool::forget_long(Running& running) {
  if (std::exchange(running.is_long, false)) --long_;
}

// The next owner after the last one served that has work and may run it.
bool Pool::take(std::string& owner, Task& task) {
  if (lanes_.empty() || !may_begin()) return false;
  auto lane = lanes_.upper_bound(last_owner_);
  for (std::size_t i = 0; i < lanes_.size(); ++i, ++lane) {
    if (lane == lanes_.end()) lane = lanes_.begin();
    if (!may_take(lane->second)) continue;
    task = std::move(lane->second.waiting.front());
    lane->second.waiting.pop_front();
    lane->second.backlog.left(options_.patience, lane->second.waiting.size(), Clock::now());
    ++lane->second.running;
    ++busy_;
    owner = last_owner_ = lane->first;
    return true;
  }
  return false;
}

// A thread for a job that may be taken: one that sleeps, or one more where others are blocked or replaced.
// One at a time: who comes calls the next if there is more to do, and often those who are awake have done it
// by then.
void Pool::call() {
  if (!may_begin()) return expect_long_ones();
  if (coming_ > 0) return;
  if (!idle_.empty()) {
    Seat& seat = *idle_.back();
    idle_.pop_back();
    seat.is_called = true;
    ++coming_;
    seat.called.notify_one();
    return;
  }
  if (stopping_ || threads_ >= options_.threads + blocked_ + replaced_) return;
  try {
    spawn(true);
  } catch (const std::system_error&) {
    // No thread to be had: those that are there will come to it.
  }
}

// False when the thread is to end.
bool Pool::sleep(std::unique_lock<std::mutex>& lock) {
  const auto is_surplus = [this] { return threads_ > options_.threads + replaced_; };
  expect_long_ones();
  Seat seat;
  idle_.push_back(&seat);
  const auto called = [&] { return seat.is_called || stopping_; };
  if (is_surplus()) {
    seat.called.wait_for(lock, options_.idle, called);
  } else {
    seat.called.wait(lock, called);
  }
  if (seat.is_called) {
    --coming_;
    return true;
  }
  std::erase(idle_, &seat);
  return !stopping_ && !is_surplus();
}

void Pool::work(bool is_called) {
  ::pthread_setname_np(::pthread_self(), "stoa-worker");
  std::unique_lock lock(mutex_);
  if (is_called) --coming_;
  for (;;) {
    std::string owner;
    Task task;
    while (!take(owner, task)) {
      if (stopping_ || !sleep(lock)) return leave();
      is_called = true;
    }
    if (std::exchange(is_called, false) && may_any_be_taken()) call();
    const auto entry =
        running_.emplace(task.id, Running{std::move(owner), task.due, std::move(task.overdue), Clock::now()})
            .first;
    current_ = {this, &entry->second};
    lock.unlock();
    task.run();
    task.run = nullptr;
    lock.lock();
    current_ = {nullptr, nullptr};
    forget_long(entry->second);
    --(entry->second.replaced ? replaced_ : busy_);
    --lanes_.find(entry->second.owner)->second.running;
    running_.erase(entry);
  }
}

void Pool::leave() {
  const auto self = std::find_if(handles_.begin(), handles_.end(), [](const std::thread& handle) {
    return handle.get_id() == std::this_thread::get_id();
  });
  if (self != handles_.end()) left_.splice(left_.end(), handles_, self);
  --threads_;
  ended_.notify_all();
}

bool Pool::block(Running& running) {
  std::lock_guard lock(mutex_);
  if (running.blocked || running.replaced || blocked_ >= options_.blocked) return false;
  running.blocked = true;
  forget_long(running);
  ++blocked_;
  --busy_;
  --lanes_.find(running.owner)->second.running;
  if (may_any_be_taken()) call();
  return true;
}

// It goes on at once, though others may have taken its place: waiting again would make it slower than before.
void Pool::unblock(Running& running) {
  std::lock_guard lock(mutex_);
  running.blocked = false;
  running.began = Clock::now();
  --blocked_;
  ++busy_;
  ++lanes_.find(running.owner)->second.running;
}

Pool::BlockingRegion::BlockingRegion() : entered_(current_.pool && current_.pool->block(*current_.running)) {}

Pool::BlockingRegion::~BlockingRegion() {
  if (entered_) current_.pool->unblock(*current_.running);
}

void Pool::watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    watch_wake_.wait_for(lock, waits_for_long_ ? options_.long_job / 2 : kWatch);
    const auto now = Clock::now();
    if (std::exchange(waits_for_long_, false)) {
      if (mark_long_ones(now) && may_any_be_taken()) call();
      waits_for_long_ = options_.computing > 0 && may_any_be_taken();
    }
    std::vector<std::pair<std::function<void(bool)>, bool>> calls;
    for (auto& [id, running] : running_) {
      if (running.due > now) continue;
      if (running.overdue) calls.emplace_back(std::exchange(running.overdue, nullptr), true);
      if (running.replaced || running.blocked) continue;
      running.replaced = true;
      forget_long(running);
      --busy_;
      ++replaced_;
      call();
    }
    for (auto& [owner, lane] : lanes_) {
      while (!lane.waiting.empty() && lane.waiting.front().due <= now) {
        if (lane.waiting.front().overdue) calls.emplace_back(std::move(lane.waiting.front().overdue), false);
        lane.waiting.pop_front();
      }
    }
    std::list<std::thread> left = std::exchange(left_, {});
    if (calls.empty() && left.empty()) continue;
    lock.unlock();
    for (std::thread& thread : left) thread.join();
    for (auto& [call, started] : calls) call(started);
    lock.lock();
  }
}

bool Pool::stop(std::chrono::milliseconds deadline) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  for (Seat* seat : idle_) seat->called.notify_one();
  watch_wake_.notify_all();
  const bool clean = ended_.wait_for(lock, deadline, [&] { return threads_ == 0; });
  if (!clean) {
    for (auto& [owner, lane] : lanes_) lane.waiting.clear();
  }
  std::list<std::thread> handles = std::exchange(handles_, {});
  std::list<std::thread> left = std::exchange(left_, {});
  lock.unlock();
  if (watcher_.joinable()) watcher_.join();
  for (std::thread& handle : left) handle.join();
  for (std::thread& handle : handles) clean ? handle.join() : handle.detach();
  return clean;
}

Pool::OwnerStats Pool::stats(std::string_view owner) const {
  std::lock_guard lock(mutex_);
  const auto lane = lanes_.find(owner);
  if (lane == lanes_.end()) return {};
  return {lane->second.waiting.size(), lane->second.running};
}

Pool::Stats Pool::stats() const {
  std::lock_guard lock(mutex_);
  return {threads_, busy_, blocked_};
}

}  // namespace stoa::core::work
