// The worker pool: bounded queues, one for each owner, served in turn, so that a slow plugin costs its own
// share only.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace stoa::core::work {

struct PoolOptions {
  int threads = 8;
  int per_owner = 6;  // jobs of one owner that run at once
  std::size_t queue_per_owner = 2'000;
};

class Pool {
 public:
  explicit Pool(PoolOptions options);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // [any-thread] False when the owner's queue is full or the pool has stopped: the job was not taken.
  // `overdue`, if given, runs on the pool's watch thread when the job still runs `deadline` after it was
  // submitted; the job's thread is then replaced until it comes back. Jobs must not throw.
  bool submit(std::string_view owner, std::function<void()> job, std::chrono::milliseconds deadline = {},
              std::function<void(bool started)> overdue = {});

  // [lifecycle] Runs what is queued until the deadline, drops the rest, joins. Idempotent. False when a job
  // did not end in time: its thread is left behind.
  bool stop(std::chrono::milliseconds deadline);

  struct OwnerStats {
    std::size_t waiting = 0;
    int running = 0;
  };
  OwnerStats stats(std::string_view owner) const;

 private:
  struct Task {
    std::uint64_t id = 0;
    std::function<void()> run;
    std::chrono::steady_clock::time_point due;
    std::function<void(bool)> overdue;
  };
  struct Lane {
    std::deque<Task> waiting;
    int running = 0;
  };
  struct Running {
    std::string owner;
    std::chrono::steady_clock::time_point due;
    std::function<void(bool)> overdue;  // empty once called
    bool replaced = false;
  };

  void work();
  void watch();
  bool take(std::string& owner, Task& task);
  void spawn();

  const PoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable watch_wake_;
  std::condition_variable ended_;
  std::map<std::string, Lane, std::less<>> lanes_;
  std::string last_owner_;
  std::map<std::uint64_t, Running> running_;
  std::uint64_t next_id_ = 1;
  int threads_ = 0;  // alive and not given up
  int surplus_ = 0;  // came back after being replaced: that many may end
  bool stopping_ = false;
  bool dropped_ = false;
  std::vector<std::thread> handles_;
  std::thread watcher_;
};

}  // namespace stoa::core::work
