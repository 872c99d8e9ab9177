// Storage of the host: one writer thread with group commit, one read session per worker, kept statements. No
// SOCI here.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "stoa/result.hpp"
#include "storage/event.hpp"

namespace stoa::core::storage {

struct Blob {
  std::string bytes;
};
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

enum class ColumnType : std::uint8_t { integer, real, text, blob };

// A column of the present row. `bytes`, of text and blobs, lives until the cursor goes on.
struct Column {
  ColumnType type;
  bool is_null = true;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view bytes = {};
};

// Rows of one query, one at a time. Goes on while other statements run; over when the transaction ends or its
// schema is changed: next() is an error then.
class Cursor {
 public:
  virtual ~Cursor() = default;
  // Result: whether there is a row now.
  virtual Result<bool> next() = 0;
  virtual std::size_t columns() const = 0;
  // The present row, until the next call; std::logic_error when there is none.
  virtual std::span<const Column> row() const = 0;
  // Of the present row; the column must have been declared with that type (else std::logic_error).
  virtual bool is_null(std::size_t column) const = 0;
  virtual std::int64_t integer(std::size_t column) const = 0;
  virtual double real(std::size_t column) const = 0;
  virtual std::string_view text(std::size_t column) const = 0;  // also blobs
};

// A transaction on behalf of one owner. Used only inside the closure it was given to, on that thread.
// An owner "posts" reaches tables posts_* only; "core" reaches core_*. No ATTACH, PRAGMA, TEMP, transaction
// control, nor the word ROLLBACK outside quotes; foreign keys stay among the owner's tables. Virtual tables
// are fts5, and json_each and json_tree to read, but not from triggers or views. Double quotes hold a name,
// never a value.
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual bool writable() const = 0;
  // Parameters are :p1, :p2, … or ?1, ?2, …, by their numbers wherever they stand. One statement for each
  // text. Errors: conflict (a constraint; field_code is "unique", "foreign_key", "not_null" or "check", and
  // pointer holds what SQLite names: "users.email", of several columns "users.a, users.b", for "check" the
  // constraint; nothing for "foreign_key"), forbidden (another owner's table, a change in a read), overloaded
  // (busy), unavailable (disk full, read-only, I/O; also every statement after one that ended the whole
  // transaction), too_large, internal (bad SQL; logged with its text).
  virtual Result<std::int64_t> exec(std::string_view sql,
                                    std::span<const Value> parameters) = 0;  // rows changed
  virtual Result<std::unique_ptr<Cursor>> query(std::string_view sql, std::span<const Value> parameters,
                                                std::span<const ColumnType> columns) = 0;
  virtual std::int64_t last_insert_id() const = 0;

  // The log's last seq as this transaction sees it.
  virtual Result<std::uint64_t> log_head() = 0;

  // Only when writable() (else std::logic_error):
  // Appends to the event log in this transaction; the seq it will have.
  virtual Result<std::uint64_t> emit(const NewEvent& event) = 0;
  // Empties `data` of every earlier event of this owner with that subject.
  virtual Result<void> redact(std::string_view subject) = 0;
  // Writes an entry of this owner into core_job; `run_at` as the wall clock's milliseconds.
  virtual Result<void> enqueue(std::string_view queue, std::string_view payload, std::int64_t run_at) = 0;
  // Runs on the writer thread after the commit, before the write completes and before its events are
  // published, in the order of the calls; dropped when the closure fails. Must not throw or touch storage.
  virtual void on_commit(std::function<void()> action) = 0;
};

// A forward-only step of an owner's schema. Several statements, split by the runner.
struct Migration {
  int number = 0;    // 1, 2, … without gaps
  std::string name;  // "0001_posts"
  std::string sql;
};

struct DatabaseOptions {
  std::string path;
  int busy_timeout_ms = 5'000;
  std::size_t group_limit = 256;    // closures per commit
  std::size_t queue_limit = 8'192;  // waiting closures; beyond: overloaded
  // So long low priority waits for a commit of the foreground to join, which would cost a sync of its own.
  std::chrono::milliseconds low_priority_wait{2};
  int cache_kib_writer = 8'192;
  int cache_kib_reader = 2'048;
  std::size_t reader_limit = 32;  // reads at once, each with a session; beyond: waits up to the busy time-out
  std::size_t statement_limit = 256;                // kept statements of a session
  std::int64_t max_pages = 0;                       // the file's size limit in pages of 4 KiB; 0: the disk's
  std::chrono::milliseconds slow_closure{1'000};    // logged with its owner
  std::chrono::milliseconds slow_statement{250};    // logged with its plan, once a minute at most; 0: never
  std::chrono::milliseconds stuck_closure{10'000};  // fatal: `on_stuck` is called
  std::function<void(const std::string& owner)> on_stuck;  // on a thread of its own; never for a migration
  // Called on the writer thread after each commit that appended events, in seq order. What happens there
  // after a commit: the on_commit actions, this, head() rises, durable subscribers wake, the writes complete.
  // All of it can be read by then. Events of another process that wrote to the file come with the next commit
  // here.
  std::function<void(std::span<const EventPtr>)> on_events;
  std::function<std::int64_t()> now_ms;  // wall clock for event times
  // From any thread, also from several at once; levels "error" and "warning".
  std::function<void(std::string_view level, std::string_view message)> log;
  // [any-thread] Told of each statement of an owner that a session prepares; may be empty. Must not throw or
  // touch storage.
  std::function<void(std::string_view owner, std::string_view text)> on_prepared;
};

class Database {
 public:
  // Opens or creates. Errors (all `unavailable`, with the path): not writable, not a database, corrupt, newer
  // than this program.
  static Result<std::unique_ptr<Database>> open(DatabaseOptions options);
  virtual ~Database() = default;

  // [worker][jobs] Runs `work` on a read session in one read transaction (one snapshot, taken by its first
  // statement). Fails with the error of `work`. An exception of `work` ends the transaction and goes on to
  // the caller. A read inside a read, also of another owner, sees the same snapshot. From inside a write
  // closure it is an error.
  virtual Result<void> read(std::string_view owner,
                            const std::function<Result<void>(Transaction&)>& work) = 0;

  // [any-thread] Queues `work` for the writer thread; `done` runs on the writer thread after the sync, or at
  // once, on this thread, when it is refused: overloaded (the queue is full), unavailable (closed), internal
  // (from inside a write closure; a completion may well go on with another write). A failed or throwing
  // closure leaves no trace; the others of its group are unharmed, unless it took the whole transaction down
  // as a full disk may: then each of them fails with `unavailable`. `low_priority`: behind the others, but
  // with guaranteed turns.
  using Work = std::function<Result<void>(Transaction&)>;
  using Done = std::function<void(Result<void>)>;
  virtual void write(std::string owner, Work work, Done done, bool low_priority = false) = 0;
  // [worker][jobs][lifecycle] The same, waiting. On the writer thread: an error, not a deadlock.
  Result<void> write(std::string_view owner, const Work& work);

  // [lifecycle] Applies what is missing, each in its own transaction, checksums kept; how many. Errors are
  // for the operator and name owner and migration: conflict (changed since applied, gap, older program than
  // database, a name whose tables another owner would reach), else the error of the failed statement, with
  // SQLite's words.
  virtual Result<int> migrate(std::string_view owner, std::span<const Migration> migrations) = 0;

  // [any-thread] The last committed seq that was given to on_events.
  virtual std::uint64_t head() const = 0;
  // [worker][jobs] Events after `since` up to and including `until` that have any of `channels` (empty: all),
  // rising, at most `limit`.
  struct Stretch {
    std::vector<EventPtr> events;
    bool more = false;     // the limit cut it: go on after events.back()->seq
    bool trimmed = false;  // the log no longer reaches back to `since`
  };
  virtual Result<Stretch> events(std::uint64_t since, std::uint64_t until,
                                 std::span<const std::string> channels, std::size_t limit) = 0;
  // [jobs] Deletes events older than that from the log's beginning, some hundreds at a time; how many.
  // Durable subscribers do not hold it up: they are told the gap.
  virtual Result<std::int64_t> trim(std::int64_t before_ms) = 0;

  // A durable subscriber: `apply` runs in a write transaction of `owner` for each matching event after its
  // cursor, which advances in the same transaction. Types match exactly or by a trailing ".*". Own events are
  // not sent to it. An event that fails five times is noted in core_parked, logged and passed over; a full or
  // locked disk is no failure of the event, and is tried again.
  struct Durable {
    std::string owner;
    std::string name;
    std::vector<std::string> types;
    bool from_oldest = false;  // a first cursor is the head otherwise
    std::function<Result<void>(Transaction&, const Event&)> apply;
    // Trimming overtook it. On the writer thread, must not touch storage; after a crash perhaps again. May be
    // empty.
    std::function<void(std::uint64_t from, std::uint64_t to)> gap;
  };
  // [lifecycle] The handle ends the subscription when destroyed, on any thread: it waits for a running
  // `apply`, and none follows. It may outlive the database. Errors: conflict (that name is subscribed now),
  // unavailable.
  virtual Result<std::shared_ptr<void>> subscribe(Durable subscriber) = 0;

  struct Statistics {
    std::uint64_t commits = 0;
    std::uint64_t closures = 0;  // in them
    // Commits by how many closures they had: up to 1, 2, 4, … 128, and more.
    std::array<std::uint64_t, 9> commits_by_size{};
    std::uint64_t waiting = 0;  // closures, now
  };
  virtual Statistics statistics() const = 0;  // [any-thread] since open
  // [jobs] A whole copy, made by the writer while others go on; readable for its owner only. Errors: conflict
  // (the path exists, another backup runs), unavailable; nothing is left then.
  virtual Result<void> backup(const std::string& path) = 0;
  virtual Result<std::string> integrity() = 0;  // [jobs] "ok" or what is wrong, a line each
  // [lifecycle] Finishes what is queued, checkpoints, closes. Later writes fail with `unavailable`.
  // Idempotent.
  virtual void close() = 0;
};

}  // namespace stoa::core::storage
