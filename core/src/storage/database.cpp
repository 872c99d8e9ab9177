#include "storage/database.hpp"

#include <filesystem>
#include <utility>

#include "storage/backup.hpp"
#include "storage/durables.hpp"
#include "storage/event_log.hpp"
#include "storage/failure.hpp"
#include "storage/migrations.hpp"
#include "storage/readers.hpp"
#include "storage/schema.hpp"
#include "storage/scope.hpp"
#include "storage/waiter.hpp"
#include "storage/writer.hpp"

namespace stoa::core::storage {
namespace {

constexpr int kPagesPerBackupStep = 256;
constexpr std::size_t kEventsPerTrim = 500;

class OpenDatabase final : public Database {
 public:
  OpenDatabase(DatabaseOptions options, ConnectionOptions connection)
      : options_(std::move(options)),
        connection_options_(std::move(connection)),
        context_{options_.now_ms, options_.log} {}
  ~OpenDatabase() override { close(); }

  Result<void> start();

  Result<void> read(std::string_view owner, const std::function<Result<void>(Transaction&)>& work) override;
  using Database::write;
  void write(std::string owner, Work work, Done done, bool low_priority) override;
  Result<int> migrate(std::string_view owner, std::span<const Migration> migrations) override;
  std::uint64_t head() const override { return writer_->head(); }
  Result<Stretch> events(std::uint64_t since, std::uint64_t until, std::span<const std::string> channels,
                         std::size_t limit) override;
  Result<std::int64_t> trim(std::int64_t before_ms) override;
  Result<std::shared_ptr<void>> subscribe(Durable subscriber) override {
    return durables_.subscribe(std::move(subscriber));
  }
  Result<void> backup(const std::string& path) override;
  Result<std::string> integrity() override;
  Statistics statistics() const override {
    return {writer_->commits(), writer_->closures(), writer_->commits_by_size(), writer_->waiting()};
  }
  void close() override;

 private:
  using HostRead = std::function<Result<void>(SqlTransaction&)>;
  Result<void> read_as(const std::string_view* owner, const HostRead& work);
  Result<void> read_on(Connection& connection, const std::string_view* owner, const HostRead& work);
  Result<void> write_as_host(const std::string& owner, const HostRead& work, bool low_priority,
                             bool may_be_long);

  const DatabaseOptions options_;
  const ConnectionOptions connection_options_;
  const TransactionContext context_;
  Durables durables_;
  std::unique_ptr<Readers> readers_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Backup> backup_;  // writer thread only
};

Error not_an_owner(std::string_view owner) {
  return {ErrorCode::internal, "\"" + std::string(owner) + "\" is no name of an owner.", {}};
}

Result<void> OpenDatabase::start() {
  ConnectionOptions options = connection_options_;
  options.access = Access::writer;
  options.cache_kib = options_.cache_kib_writer;
  options.max_pages = options_.max_pages;
  auto opened = Connection::open(options);
  if (!opened) return opened.error();
  std::unique_ptr<Connection> connection = std::move(*opened);
  if (connection->is_new()) {
    int code = connection->run(Control::begin_write);
    if (code == 0) code = connection->run(kFoundation);
    if (code == 0) code = connection->run(Control::commit);
    if (code) return open_error(options.path, code, connection->last_message());
  }

  // Before there is a writer thread, this thread is the writer.
  const Migrations::Transact transact = [&](const std::string&, const HostRead& work) -> Result<void> {
    Group group;
    if (const int begun = connection->run(Control::begin_write))
      return error_of(begun, connection->last_message());
    Result<void> done;
    {
      SqlTransaction host(*connection, nullptr, &group, context_);
      done = work(host);
    }
    const int ended = connection->run(done ? Control::commit : Control::rollback);
    if (done && ended) return error_of(ended, connection->last_message());
    return done;
  };
  auto migrated = Migrations(kStorageOwner, "", storage_migrations()).apply(transact);
  if (!migrated) return Error{ErrorCode::unavailable, options.path + ": " + migrated.error().message, {}};
  std::uint64_t head = 0;
  auto read = transact("", [&](SqlTransaction& host) -> Result<void> {
    auto state = event_log::state(host);
    if (!state) return state.error();
    head = state->head;
    return {};
  });
  if (!read) return Error{ErrorCode::unavailable, options.path + ": " + read.error().message, {}};

  ConnectionOptions reading = connection_options_;
  reading.cache_kib = options_.cache_kib_reader;
  readers_ = std::make_unique<Readers>(reading, options_.reader_limit,
                                       std::chrono::milliseconds(options_.busy_timeout_ms));
  writer_ = std::make_unique<Writer>(
      Writer::Options{.identity = static_cast<const Database*>(this),
                      .connection = options,
                      .group_limit = options_.group_limit,
                      .queue_limit = options_.queue_limit,
                      .low_priority_wait = options_.low_priority_wait,
                      .slow_closure = options_.slow_closure,
                      .stuck_closure = options_.stuck_closure,
                      .on_stuck = options_.on_stuck,
                      .on_events = options_.on_events,
                      .committed = [this](auto events, auto before,
                                          auto after) { durables_.committed(events, before, after); },
                      .on_alarm = [this] { durables_.retry(); },
                      .before_reopen = [this] { backup_.reset(); },
                      .context = context_},
      std::move(connection), head);
  durables_.attach(*writer_);
  return {};
}

Result<void> OpenDatabase::read(std::string_view owner,
                                const std::function<Result<void>(Transaction&)>& work) {
  if (!Owner::valid(owner)) return not_an_owner(owner);
  return read_as(&owner, [&](SqlTransaction& transaction) { return work(transaction); });
}

Result<void> OpenDatabase::read_as(const std::string_view* owner, const HostRead& work) {
  Scope& scope = this_scope();
  if (writer_->is_this_thread() && scope.in_closure) {
    return Error{ErrorCode::internal, "A read cannot begin inside a write.", {}};
  }
  // A read inside a read sees the same snapshot.
  if (scope.reading == this) return read_on(*scope.connection, owner, work);
  auto lease = readers_->lend();
  if (!lease) return lease.error();
  Connection& connection = **lease;
  if (const int code = connection.run(Control::begin_read)) return error_of(code, {});
  struct Ending {
    Scope& scope;
    const Scope before;
    Connection& connection;
    ~Ending() {
      scope.reading = before.reading;
      scope.connection = before.connection;
      if (connection.in_transaction() && connection.run(Control::commit)) connection.run(Control::rollback);
      if (connection.in_transaction()) connection.give_up();
    }
  } ending{scope, scope, connection};
  scope.reading = this;
  scope.connection = &connection;
  return read_on(connection, owner, work);
}

Result<void> OpenDatabase::read_on(Connection& connection, const std::string_view* owner,
                                   const HostRead& work) {
  SqlTransaction transaction(connection, owner ? &connection.owner(*owner) : nullptr, nullptr, context_);
  return work(transaction);
}

void OpenDatabase::write(std::string owner, Work work, Done done, bool low_priority) {
  if (!Owner::valid(owner)) return done(not_an_owner(owner));
  writer_->submit({.owner = std::move(owner),
                   .work = std::move(work),
                   .done = std::move(done),
                   .low_priority = low_priority});
}

// `owner` empty: for the host itself.
Result<void> OpenDatabase::write_as_host(const std::string& owner, const HostRead& work, bool low_priority,
                                         bool may_be_long) {
  if (writer_->is_this_thread()) {
    return Error{ErrorCode::internal, "The writer thread cannot wait for itself.", {}};
  }
  auto waiter = std::make_shared<Waiter>();
  writer_->submit(
      {.owner = owner.empty() ? "core" : owner,
       .work = [&work](Transaction& transaction) { return work(static_cast<SqlTransaction&>(transaction)); },
       .done = [waiter](Result<void> result) { waiter->finish(std::move(result)); },
       .low_priority = low_priority,
       .may_be_long = may_be_long,
       .as_host = owner.empty()});
  return waiter->wait();
}

Result<int> OpenDatabase::migrate(std::string_view owner, std::span<const Migration> migrations) {
  if (!Owner::valid(owner) || owner == kStorageOwner) return not_an_owner(owner);
  const std::string name(owner);
  return Migrations(name, name, migrations).apply([this](const std::string& acting, const HostRead& work) {
    return write_as_host(acting, work, false, true);
  });
}

Result<Database::Stretch> OpenDatabase::events(std::uint64_t since, std::uint64_t until,
                                               std::span<const std::string> channels, std::size_t limit) {
  Stretch stretch;
  auto done = read_as(nullptr, [&](SqlTransaction& host) -> Result<void> {
    auto found = event_log::read(host, since, until, channels, limit);
    if (!found) return found.error();
    stretch = std::move(*found);
    return {};
  });
  if (!done) return done.error();
  return stretch;
}

// In pieces, so that writers wait for one piece at most.
Result<std::int64_t> OpenDatabase::trim(std::int64_t before_ms) {
  std::int64_t total = 0;
  for (std::int64_t deleted = -1; deleted != 0; total += deleted) {
    const auto piece = [&](SqlTransaction& host) -> Result<void> {
      if (auto kept = durables_.keep_positions(host); !kept) return kept;
      auto count = event_log::trim(host, before_ms, kEventsPerTrim);
      if (!count) return count.error();
      deleted = *count;
      return {};
    };
    if (auto done = write_as_host("", piece, true, false); !done) return done.error();
  }
  return total;
}

Result<void> OpenDatabase::backup(const std::string& path) {
  auto done = writer_->run_errand([&](Connection& connection) -> Result<void> {
    if (backup_) return Error{ErrorCode::conflict, "A backup is being made already.", {}};
    auto started = Backup::start(connection, path);
    if (!started) return started.error();
    backup_ = std::move(*started);
    return {};
  });
  if (!done) return done;
  bool is_complete = false;
  while (done && !is_complete) {
    done = writer_->run_errand([&](Connection&) -> Result<void> {
      if (!backup_)
        return Error{ErrorCode::unavailable, "The storage was opened again during the backup.", {}};
      auto step = backup_->step(kPagesPerBackupStep);
      is_complete = !step || *step;
      if (is_complete) backup_.reset();
      if (!step) return step.error();
      return {};
    });
  }
  if (!done) {
    (void)writer_->run_errand([&](Connection&) -> Result<void> {
      backup_.reset();
      return {};
    });
  }
  return done;
}

Result<std::string> OpenDatabase::integrity() {
  static constexpr ColumnType kColumns[] = {ColumnType::text};
  static constexpr ColumnType kForeignColumns[] = {ColumnType::text, ColumnType::integer, ColumnType::text};
  std::string report;
  auto done = read_as(nullptr, [&](SqlTransaction& host) -> Result<void> {
    auto pages = host.rows("PRAGMA integrity_check(20)", {}, kColumns);
    if (!pages) return pages.error();
    for (auto row = (*pages)->next(); row && *row; row = (*pages)->next()) {
      if (!report.empty()) report += '\n';
      report += (*pages)->text(0);
    }
    auto keys = host.rows("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 20", {},
                          kForeignColumns);
    if (!keys) return keys.error();
    for (auto row = (*keys)->next(); row && *row; row = (*keys)->next()) {
      if (report == "ok") report.clear();
      if (!report.empty()) report += '\n';
      report += "row " + std::to_string((*keys)->integer(1)) + " of " + std::string((*keys)->text(0)) +
                " refers to nothing in " + std::string((*keys)->text(2));
    }
    return {};
  });
  if (!done) return done.error();
  return report;
}

void OpenDatabase::close() {
  if (!writer_) return;
  writer_->stop();
  readers_->close();
  backup_.reset();
  writer_->close_file();
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options) {
  if (!options.now_ms) {
    options.now_ms = [] {
      const auto now = std::chrono::system_clock::now().time_since_epoch();
      return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    };
  }
  if (!options.log) options.log = [](std::string_view, std::string_view) {};
  ConnectionOptions connection;
  // Absolute, since a name that begins with "file:" would be read as an address.
  std::error_code fault;
  connection.path = std::filesystem::absolute(options.path, fault).string();
  connection.busy_timeout_ms = options.busy_timeout_ms;
  connection.statement_limit = options.statement_limit;
  connection.on_prepared = options.on_prepared;
  connection.slow_statement = options.slow_statement;
  connection.on_slow = [log = options.log](const SlowStatement& slow) {
    log("warning", "A statement of " + (slow.owner.empty() ? "the host" : slow.owner) + " took " +
                       std::to_string(slow.spent.count()) + " ms: " + slow.text + " (plan: " + slow.plan +
                       ")");
  };
  auto database = std::make_unique<OpenDatabase>(std::move(options), std::move(connection));
  if (auto started = database->start(); !started) return started.error();
  return std::unique_ptr<Database>(std::move(database));
}

Result<void> Database::write(std::string_view owner, const Work& work) {
  auto waiter = std::make_shared<Waiter>();
  if (this_scope().database == this) {
    return Error{ErrorCode::internal, "The writer thread cannot wait for itself.", {}};
  }
  write(
      std::string(owner), [&work](Transaction& transaction) { return work(transaction); },
      [waiter](Result<void> result) { waiter->finish(std::move(result)); });
  return waiter->wait();
}

}  // namespace stoa::core::storage
