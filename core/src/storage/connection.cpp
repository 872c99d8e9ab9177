#include "storage/connection.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "storage/connection_native.hpp"
#include "storage/failure.hpp"
#include "storage/schema.hpp"
#include "storage/statement_cache.hpp"

namespace stoa::core::storage {

using namespace sqlite_api;

namespace {

constexpr std::array<const char*, kControls> kControlTexts = {
    "BEGIN",     "BEGIN IMMEDIATE", "COMMIT",      "ROLLBACK",  "SAVEPOINT s",
    "RELEASE s", "ROLLBACK TO s",   "SAVEPOINT t", "RELEASE t", "ROLLBACK TO t"};
// More than any value or statement of a forum, less than what could exhaust a small machine.
constexpr int kLongestValue = 64 << 20;
constexpr int kLongestStatement = 1 << 20;

int authorize(void* authorizer, int action, const char* first, const char* second, const char* database,
              const char* /*trigger_or_view*/) {
  try {
    return static_cast<Authorizer*>(authorizer)->allows(action, first, second, database) ? SQLITE_OK
                                                                                         : SQLITE_DENY;
  } catch (...) {
    return SQLITE_DENY;
  }
}

int count_log_pages(void* native, sqlite_api::sqlite3*, const char*, int pages) {
  auto& self = *static_cast<Connection::Native*>(native);
  self.log_pages = pages;
  if (pages < self.checkpointed_pages) self.checkpointed_pages = 0;  // the log was begun anew
  return SQLITE_OK;
}

// One thread at a time per connection is our own rule, so SQLite needs no mutexes for it. Where somebody woke
// SQLite before us this changes nothing, and it is slower, but right.
void configure_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  });
}

int ask(sqlite_api::sqlite3* db, const char* sql, sqlite3_int64& answer) {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(db, sql, -1, &statement, nullptr);
  if (code != SQLITE_OK) return code;
  code = sqlite3_step(statement);
  if (code == SQLITE_ROW) answer = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

}  // namespace

std::string soci_text(const std::string& path, bool read_only) {
  return "dbname=\"" + path + "\"" + (read_only ? " readonly=true" : "");
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options) {
  configure_library();
  std::unique_ptr<Connection> self(new Connection(options));
  if (options.access == Access::writer) {
    if (auto done = self->prepare_file(); !done) return done.error();
  }
  try {
    self->native_ = std::make_unique<Native>(soci_text(options.path, options.access == Access::reader));
  } catch (const soci::sqlite3_soci_error& error) {
    return open_error(options.path, error.result(), error.get_error_message());
  } catch (const std::exception& error) {
    return open_error(options.path, SQLITE_ERROR, error.what());
  }
  sqlite3_extended_result_codes(self->native_->db, 1);
  sqlite3_busy_timeout(self->native_->db, options.busy_timeout_ms);
  if (auto done = self->judge(); !done) return done.error();
  if (auto done = self->configure(); !done) return done.error();
  return self;
}

Connection::Connection(const ConnectionOptions& options)
    : options_(options), statements_(std::make_unique<StatementCache>(*this, options.statement_limit)) {}

Connection::~Connection() {
  statements_.reset();
}

// Created here and not by SQLite, so that nobody else can read it; the log files take over its mode.
Result<void> Connection::prepare_file() {
  if (options_.path.find('"') != std::string::npos) {
    return Error{ErrorCode::unavailable,
                 options_.path + " cannot be used: a path must not hold a quotation mark.",
                 {}};
  }
  const int file = ::open(options_.path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return Error{
        ErrorCode::unavailable, options_.path + " cannot be written (" + std::strerror(errno) + ").", {}};
  }
  ::close(file);
  return {};
}

Result<void> Connection::judge() {
  sqlite3_int64 id = 0, version = 0, objects = 0;
  auto* db = native_->db;
  // The catalogue is read first: it tells whether this is a database at all.
  int code = ask(db, "SELECT count(*) FROM sqlite_master", objects);
  if (code == SQLITE_OK) code = ask(db, "PRAGMA application_id", id);
  if (code == SQLITE_OK) code = ask(db, "PRAGMA user_version", version);
  if (code != SQLITE_OK) return failed(code);
  new_ = objects == 0 && id == 0 && version == 0 && options_.access == Access::writer;
  if (new_) return {};
  if (id != kApplicationId) {
    return Error{ErrorCode::unavailable, options_.path + " is a database of another program.", {}};
  }
  if (version > kFormat) {
    return Error{ErrorCode::unavailable,
                 options_.path + " was written by a newer version of this program (format " +
                     std::to_string(version) + ", this one knows " + std::to_string(kFormat) + ").",
                 {}};
  }
  return {};
}

Result<void> Connection::configure() {
  auto* db = native_->db;
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, kLongestValue);
  sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, kLongestStatement);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  // Closing is no moment to checkpoint: the writer does that itself, and nobody else may.
  sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);

  std::string settings =
      "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; PRAGMA secure_delete=OFF;"
      "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=0;"
      "PRAGMA cache_size=-" +
      std::to_string(options_.cache_kib) + ";";
  if (options_.access == Access::writer) {
    settings += "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=67108864;";
    if (options_.max_pages > 0)
      settings += "PRAGMA max_page_count=" + std::to_string(options_.max_pages) + ";";
  }
  if (const int code = run(settings.c_str()); code != SQLITE_OK) return failed(code);
  if (options_.access == Access::writer) {
    sqlite3_int64 is_wal = 0;
    const int code = ask(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", is_wal);
    if (code != SQLITE_OK) return failed(code);
    if (!is_wal) return open_error(options_.path, SQLITE_CANTOPEN, "its file system has no shared memory");
    sqlite3_wal_hook(db, count_log_pages, native_.get());
  }
  for (std::size_t i = 0; i < kControls; ++i) {
    const int code = sqlite3_prepare_v3(db, kControlTexts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                        &native_->controls[i], nullptr);
    if (code != SQLITE_OK) return failed(code);
  }
  sqlite3_set_authorizer(db, authorize, &authorizer_);
  return {};
}

Error Connection::failed(int code) const {
  return open_error(options_.path, code, sqlite3_errmsg(native_->db));
}

int Connection::run(Control control) {
  authorizer_.act(nullptr);
  auto* statement = native_->controls[static_cast<std::size_t>(control)];
  const int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  if (code == SQLITE_DONE) return SQLITE_OK;
  note_failure(code);
  return code;
}

int Connection::run(const char* sql) {
  authorizer_.act(nullptr);
  const int code = sqlite3_exec(native_->db, sql, nullptr, nullptr, nullptr);
  note_failure(code);
  return code;
}

void Connection::note_failure(int code) {
  broken_ = broken_ || breaks_connection(code);
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(native_->db) == 0;
}

bool Connection::has_deferred_violations() const {
  int now = 0, highest = 0;
  sqlite3_db_status(native_->db, SQLITE_DBSTATUS_DEFERRED_FKS, &now, &highest, 0);
  return now != 0;
}

std::string Connection::last_message() const {
  return sqlite3_errmsg(native_->db);
}
std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(native_->db);
}
std::int64_t Connection::changed_rows() const {
  return sqlite3_changes64(native_->db);
}
std::int64_t Connection::changed_rows_in_all() const {
  return sqlite3_total_changes64(native_->db);
}

int Connection::waiting_pages() const {
  return native_->log_pages - native_->checkpointed_pages;
}

void Connection::checkpoint_passively() {
  authorizer_.act(nullptr);
  sqlite3_wal_checkpoint_v2(native_->db, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  native_->checkpointed_pages = native_->log_pages;
}

int Connection::checkpoint_and_truncate() {
  authorizer_.act(nullptr);
  sqlite3_db_config(native_->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0,
                    nullptr);  // so that the log files go, too
  return sqlite3_wal_checkpoint_v2(native_->db, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

const Owner& Connection::owner(std::string_view name) {
  auto found = owners_.find(name);
  if (found == owners_.end()) found = owners_.emplace(std::string(name), std::make_unique<Owner>(name)).first;
  return *found->second;
}

std::string Connection::plan_of(const std::string& text) {
  authorizer_.act(nullptr, false);
  sqlite3_stmt* statement = nullptr;
  std::string plan;
  if (sqlite3_prepare_v2(native_->db, ("EXPLAIN QUERY PLAN " + text).c_str(), -1, &statement, nullptr) ==
      SQLITE_OK) {
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const unsigned char* detail = sqlite3_column_text(statement, 3);
      if (!plan.empty()) plan += "; ";
      if (detail) plan += reinterpret_cast<const char*>(detail);
    }
  }
  sqlite3_finalize(statement);
  return plan;
}

}  // namespace stoa::core::storage
