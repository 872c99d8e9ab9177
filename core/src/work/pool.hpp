// The worker pool: bounded queues, one for each owner, served in turn, so that a slow plugin costs its own
// share only.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "work/backlog.hpp"

namespace stoa::core::work {

struct PoolOptions {
  int threads = 8;
  int per_owner = 6;  // jobs of one owner that run at once
  std::size_t queue_per_owner = 2'000;
  // Jobs that run at once before one of them has run for `long_job`; 0: as many as `threads`. More would gain
  // nothing where they compute, and take the processors from those who read and write.
  int computing = 0;
  std::chrono::milliseconds long_job{10};
  Patience patience = {};                 // of those who ask is_overloaded()
  int blocked = 64;                       // jobs in a BlockingRegion whose place others may take
  std::chrono::milliseconds idle{1'000};  // a thread beyond `threads` ends after so long without a job
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

  // [any-thread] Whether so many jobs of that owner wait that one more would wait too long. submit() takes it
  // nevertheless: this is for those whose caller can come back.
  bool is_overloaded(std::string_view owner) const;

  // While it lives, the job of this thread waits for something inside the host: it counts neither as one of
  // its owner's running jobs nor as one of the pool's, and its thread is not replaced. Does nothing on a
  // thread that is no worker, inside another, and where PoolOptions::blocked are waiting already.
  class BlockingRegion {
   public:
    BlockingRegion();
    ~BlockingRegion();
    BlockingRegion(const BlockingRegion&) = delete;
    BlockingRegion& operator=(const BlockingRegion&) = delete;

   private:
    bool entered_;
  };

  // [lifecycle] Runs what is queued until the deadline, drops the rest, joins. Idempotent. False when a job
  // did not end in time: its thread is left behind.
  bool stop(std::chrono::milliseconds deadline);

  struct OwnerStats {
    std::size_t waiting = 0;
    int running = 0;  // without those in a BlockingRegion
  };
  OwnerStats stats(std::string_view owner) const;
  struct Stats {
    int threads = 0;  // alive
    int busy = 0;     // with a job that counts
    int blocked = 0;  // with a job in a BlockingRegion
  };
  Stats stats() const;

 private:
  struct Task {
    std::uint64_t id = 0;
    std::function<void()> run;
    std::chrono::steady_clock::time_point due;
    std::function<void(bool)> overdue;
  };
  struct Lane {
    std::deque<Task> waiting;
    Backlog backlog;
    int running = 0;
  };
  struct Running {
    std::string owner;
    std::chrono::steady_clock::time_point due;
    std::function<void(bool)> overdue;            // empty once called
    std::chrono::steady_clock::time_point began;  // or came back from a BlockingRegion
    bool is_long = false;                         // for options_.long_job, of those that are busy
    bool replaced = false;
    bool blocked = false;
  };
  // Where a thread without a job sleeps.
  struct Seat {
    std::condition_variable called;
    bool is_called = false;
  };
  struct Current {
    Pool* pool;
    Running* running;
  };
  static thread_local constinit Current current_;

  void work(bool is_called);
  void watch();
  bool may_take(const Lane& lane) const;
  bool take(std::string& owner, Task& task);
  bool may_any_be_taken() const;
  bool may_begin() const;
  void expect_long_ones();
  bool mark_long_ones(std::chrono::steady_clock::time_point now);
  void forget_long(Running& running);
  void call();
  bool sleep(std::unique_lock<std::mutex>& lock);
  void spawn(bool is_called);
  void leave();
  bool block(Running& running);
  void unblock(Running& running);

  const PoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable watch_wake_;
  std::condition_variable ended_;
  std::map<std::string, Lane, std::less<>> lanes_;
  std::string last_owner_;
  std::map<std::uint64_t, Running> running_;
  std::uint64_t next_id_ = 1;
  int threads_ = 0;              // alive
  int busy_ = 0;                 // of them: with a job that is neither blocked nor replaced
  int long_ = 0;                 // of the busy ones: for a long time
  int blocked_ = 0;              // of them: in a BlockingRegion
  int replaced_ = 0;             // of them: past their deadline
  bool waits_for_long_ = false;  // the watcher looks often, until nobody is kept waiting by `computing`
  int coming_ = 0;               // of them: called, and not yet awake
  std::vector<Seat*> idle_;      // the one that slept last is called first, so that the others may end
  bool stopping_ = false;
  std::list<std::thread> handles_;
  std::list<std::thread> left_;  // ended, to be joined
  std::thread watcher_;
};

}  // namespace stoa::core::work
