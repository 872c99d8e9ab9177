// Timers and durable queues of all plugins, on a few threads of their own: one run of a plugin at a time,
// plugins in turn. A run that takes very long keeps its plugin waiting, and nobody else: its thread is
// replaced.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "jobs/agenda.hpp"
#include "jobs/tally.hpp"
#include "stoa/result.hpp"
#include "storage/database.hpp"
#include "storage/job_table.hpp"
#include "work/pool.hpp"

namespace stoa::core::jobs {

struct Options {
  int threads = 2;
  bool runs = true;            // false: entries are taken and wait for another process; nothing is run here
  std::size_t timers = 1'000;  // of one agenda
  std::int64_t waiting = 100'000;             // entries of one owner
  std::int64_t parked = 1'000;                // kept of one owner, the newest
  std::chrono::milliseconds slow{60'000};     // a run this long is logged and its thread replaced
  std::chrono::milliseconds again{1'000};     // after the database failed
  std::function<std::int64_t()> now_ms = {};  // wall clock; empty: the system's
  std::function<void(std::string_view owner)> failed = {};  // [jobs] told of each failed run; may be empty
};

inline constexpr std::size_t kMostPayload = 64 * 1024;  // bytes

class Engine {
 public:
  // The database outlives the engine.
  Engine(Options options, storage::Database& database);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // [any-thread] Before attach they are kept and begin there. Errors: overloaded (too many), unavailable
  // (detached).
  Result<JobId> after(Agenda& agenda, std::chrono::milliseconds delay, std::function<void(JobId)> run);
  Result<JobId> every(Agenda& agenda, std::chrono::milliseconds period, std::function<void(JobId)> run);
  // [any-thread] False: it is no more.
  bool cancel(Agenda& agenda, JobId job);
  // [jobs] Whether this run should end; nullopt when this thread is not in it.
  std::optional<bool> stopping(const Agenda& agenda, JobId job) const;

  // [writer] Errors: too_large, not_found (no such queue), overloaded.
  Result<void> enqueue(const Agenda& agenda, std::string_view owner, storage::Transaction& transaction,
                       std::string_view queue, std::string_view payload, std::int64_t run_at_ms);

  // [lifecycle] From here on its queues and timers run; an earlier agenda of that owner is given nothing
  // more. `kept_alive` lives as long as any of its functions may run.
  void attach(const AgendaPtr& agenda, std::string owner, std::shared_ptr<void> kept_alive);
  // [lifecycle] Gives it nothing more, tells what runs to end, waits for it. False: something still runs.
  // True: `kept_alive` was let go of.
  bool detach(const AgendaPtr& agenda, std::chrono::milliseconds deadline);

  // [lifecycle] That owner's parked entries wait again. How many there were; errors of the database.
  Result<std::int64_t> retry(const std::string& owner);

  // [any-thread] Work of the host on the same threads, as work::Pool::submit.
  bool submit(std::string_view lane, std::function<void()> work, std::chrono::milliseconds deadline,
              std::function<void(bool started)> overdue);

  // [any-thread] By owner.
  std::map<std::string, Count> counts() const { return tally_->all(); }
  // [lifecycle] Idempotent. False: a run did not end in time; its thread is left behind.
  bool stop(std::chrono::milliseconds deadline);

 private:
  using Clock = std::chrono::steady_clock;
  struct QueueState {
    bool taken = false;        // handed to a thread
    std::int64_t next_ms = 0;  // when to look for an entry
  };
  struct Owner {
    AgendaPtr agenda;
    std::map<std::string, QueueState, std::less<>> queues;
  };
  class Run;
  class Waiting;

  std::int64_t now_ms() const;
  Result<JobId> add_timer(Agenda& agenda, std::chrono::milliseconds time, bool repeats,
                          std::function<void(JobId)> run);
  void work();
  Clock::time_point hand_out(Clock::time_point now);
  Clock::time_point hand_out_timers(const AgendaPtr& agenda, Clock::time_point now);
  Clock::time_point hand_out_queues(const std::string& name, Owner& owner, Clock::time_point now);
  void run_timer(const AgendaPtr& agenda, JobId job);
  void finish_timer(Agenda& agenda, JobId job);
  void run_queue(const std::string& owner, const std::string& queue);
  std::optional<std::int64_t> run_entry(Run& run, const std::string& queue);
  Result<void> settle(const std::string& owner, const std::string& name, const Queue& queue,
                      const storage::JobEntry& entry, const Result<void>& outcome);
  void give_back(const std::string& owner, const std::string& queue, std::int64_t next_ms);
  void note(const std::string& owner, const std::string& queue, std::int64_t run_at_ms);
  void warn_of_orphans(const Agenda& agenda, const std::string& owner);

  const Options options_;
  storage::JobTable table_;
  const std::shared_ptr<Tally> tally_ = std::make_shared<Tally>();
  mutable std::mutex mutex_;
  std::condition_variable changed_;  // for the clock
  std::condition_variable ended_;    // of runs, for detach
  JobId next_id_ = 1;
  std::map<std::string, Owner, std::less<>> owners_;
  bool stopping_ = false;
  work::Pool pool_;
  std::thread clock_;  // the last member: it uses all others
};

}  // namespace stoa::core::jobs
