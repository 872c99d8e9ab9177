// The one thread that writes: gathers closures, runs each in a savepoint, commits them together, then tells.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "storage/connection.hpp"
#include "storage/database.hpp"
#include "storage/group.hpp"
#include "storage/transaction.hpp"
#include "storage/watch.hpp"
#include "storage/write_queue.hpp"

namespace stoa::core::storage {

// After a commit, in this order: on_commit actions, on_events, head(), `committed`, the completions. So
// whoever is told of an event can read it, whoever has waited for a write finds its caches dropped, and
// head() never runs ahead of what was published. Nothing of a group is told before its sync.
class Writer {
 public:
  struct Options {
    const void* identity = nullptr;  // what this_scope() says on the writer thread
    ConnectionOptions connection = {};
    std::size_t group_limit = 1, queue_limit = 1;
    std::chrono::milliseconds low_priority_wait{}, slow_closure{}, stuck_closure{};
    std::function<void(const std::string& owner)> on_stuck = {};
    std::function<void(std::span<const EventPtr>)> on_events = {};
    // [writer] The log went from `before` to `after`; the events that were published for it.
    std::function<void(std::span<const EventPtr> events, std::uint64_t before, std::uint64_t after)>
        committed;
    // [writer] At the time asked for by wake_at().
    std::function<void()> on_alarm = {};
    // [writer] The connection is about to be replaced.
    std::function<void()> before_reopen = {};
    TransactionContext context = {};
  };

  // `connection` is open and its schema is there.
  Writer(Options options, std::unique_ptr<Connection> connection, std::uint64_t head);
  ~Writer() { stop(); }

  // [any-thread] Refused closures get their `done` at once, on this thread.
  void submit(WriteItem item);
  // [writer] Past the limit of the queue, for what the host itself owes.
  void submit_own(WriteItem item) { queue_.push_own(std::move(item)); }
  // [any-thread but the writer] Runs on the writer thread between two groups, outside of any transaction, and
  // waits.
  Result<void> run_errand(std::function<Result<void>(Connection&)> run);
  bool is_this_thread() const;
  // [writer]
  void wake_at(std::chrono::steady_clock::time_point time);

  // [any-thread] The last seq that was published.
  std::uint64_t head() const { return head_.load(std::memory_order_acquire); }
  // [any-thread] Commits so far, and closures in them; for the metrics.
  std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }
  std::uint64_t closures() const { return closures_.load(std::memory_order_relaxed); }
  // [any-thread] As Database::Statistics has them.
  std::array<std::uint64_t, 9> commits_by_size() const;
  std::size_t waiting() const { return queue_.size(); }
  // [lifecycle] Works off what is queued and ends the thread. Idempotent.
  void stop();
  // [lifecycle] After stop(), and after the last reader: empties the write-ahead log and closes the file.
  void close_file();
  bool is_closing() const { return queue_.is_closed(); }

 private:
  struct Member {
    WriteItem item;
    Result<void> result;
  };

  void run();
  void run_errands();
  void run_group();

  Result<void> begin();
  Result<void> reopen();
  void run_transaction(std::size_t& next);
  void run_member(Member& member);
  Result<void> call(Member& member, SqlTransaction& transaction);
  Result<void> commit();
  Result<void> read_events_of_others(SqlTransaction& host);
  void abandon();
  void publish();
  void complete();
  void checkpoint();
  void log(std::string_view level, const std::string& message) const;
  template <class Call>
  void guard(const char* what, Call&& call) const;

  const Options options_;
  std::unique_ptr<Connection> connection_;
  std::atomic<std::uint64_t> head_;
  std::atomic<std::uint64_t> commits_{0}, closures_{0};
  std::array<std::atomic<std::uint64_t>, 9> commits_by_size_{};

  // Writer thread only.
  Group group_;
  std::vector<EventPtr> events_of_others_;  // another process wrote to the log
  std::vector<Member> members_;
  std::optional<std::chrono::steady_clock::time_point> alarm_;

  WriteQueue queue_;
  Watch watch_;
  std::thread thread_;  // the last member: it uses all others
};

}  // namespace stoa::core::storage
