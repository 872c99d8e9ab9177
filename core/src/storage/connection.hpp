// One session with the database file: its settings, its control statements, its authorizer, its kept
// statements. Used by one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "stoa/result.hpp"
#include "storage/authorizer.hpp"
#include "storage/owner.hpp"

namespace stoa::core::storage {

class StatementCache;

enum class Access { reader, writer };

struct SlowStatement {
  std::string owner;  // empty: the host
  std::string text;   // never its values
  std::string plan;   // as EXPLAIN QUERY PLAN gives it
  std::chrono::milliseconds spent;
};

struct ConnectionOptions {
  std::string path;  // absolute
  Access access = Access::reader;
  int busy_timeout_ms = 5'000;
  int cache_kib = 2'048;
  std::int64_t max_pages = 0;  // 0: no limit
  std::size_t statement_limit = 256;
  std::function<void(std::string_view owner, std::string_view text)> on_prepared = {};
  // Statements that spend that long in SQLite are told, each at most once a minute; 0: none.
  std::chrono::milliseconds slow_statement{0};
  std::function<void(const SlowStatement&)> on_slow = {};
};

// The host's own statements; each returns a result code of SQLite, 0 when done.
// An inner savepoint lives within a savepoint and goes with it.
enum class Control {
  begin_read,
  begin_write,
  commit,
  rollback,
  savepoint,
  release,
  rollback_to,
  inner_savepoint,
  inner_release,
  inner_rollback_to
};
inline constexpr std::size_t kControls = 10;

class Connection {
 public:
  // A writer judges the file first and touches nothing in one that is foreign, newer or damaged. Errors:
  // unavailable.
  static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int run(Control control);
  // Runs the host's own text, which may be several statements.
  int run(const char* sql);
  bool in_transaction() const;
  // Foreign keys declared DEFERRED that stand violated now.
  bool has_deferred_violations() const;
  std::string last_message() const;
  std::int64_t last_insert_id() const;
  std::int64_t changed_rows() const;         // by the last statement that changed rows
  std::int64_t changed_rows_in_all() const;  // since opening

  // Pages in the write-ahead log after the last commit that were not there at the last checkpoint.
  int waiting_pages() const;
  void checkpoint_passively();
  int checkpoint_and_truncate();

  const Owner& owner(std::string_view name);
  Authorizer& authorizer() { return authorizer_; }
  StatementCache& statements() { return *statements_; }
  void note_prepared(const Owner* owner, std::string_view text) const {
    if (owner && options_.on_prepared) options_.on_prepared(owner->name, text);
  }
  std::chrono::milliseconds slow_statement() const { return options_.slow_statement; }
  // How SQLite would go about it; empty when it cannot say.
  std::string plan_of(const std::string& text);
  void note_slow(const SlowStatement& statement) const {
    if (options_.on_slow) options_.on_slow(statement);
  }
  // The file was empty when it was opened.
  bool is_new() const { return new_; }
  // A failure that breaks_connection() was seen.
  bool is_broken() const { return broken_; }
  void note_failure(int code);
  void give_up() { broken_ = true; }

  struct Native;
  Native& native() { return *native_; }

 private:
  explicit Connection(const ConnectionOptions& options);
  Result<void> prepare_file();
  Result<void> judge();
  Result<void> configure();
  Error failed(int code) const;

  ConnectionOptions options_;
  Authorizer authorizer_;
  bool new_ = false;
  bool broken_ = false;
  std::map<std::string, std::unique_ptr<Owner>, std::less<>> owners_;
  std::unique_ptr<Native> native_;
  std::unique_ptr<StatementCache> statements_;
};

}  // namespace stoa::core::storage
