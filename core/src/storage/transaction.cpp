#include "storage/transaction.hpp"

#include <array>
#include <stdexcept>

#include "storage/event_log.hpp"
#include "storage/failure.hpp"
#include "storage/sql_text.hpp"

namespace stoa::core::storage {
namespace {

// Borrowed parameters for a span of values; without an allocation for as many as statements usually have.
class Borrowed {
 public:
  explicit Borrowed(std::span<const Value> values) : size_(values.size()) {
    if (size_ > few_.size()) many_.resize(size_);
    Parameter* out = data();
    for (const Value& value : values) *out++ = Parameter(value);
  }
  operator std::span<const Parameter>() { return {data(), size_}; }

 private:
  Parameter* data() { return size_ > few_.size() ? many_.data() : few_.data(); }
  std::size_t size_;
  std::array<Parameter, 16> few_;
  std::vector<Parameter> many_;
};

}  // namespace

SqlTransaction::SqlTransaction(Connection& connection, const Owner* owner, Group* group,
                               const TransactionContext& context)
    : connection_(connection), owner_(owner), group_(group), context_(context) {}

SqlTransaction::~SqlTransaction() {
  close_cursors();
}

void SqlTransaction::close_cursors() {
  while (cursors_) cursors_->close();
}

Result<std::int64_t> SqlTransaction::exec(std::string_view sql, std::span<const Value> parameters) {
  return run(sql, Borrowed(parameters));
}

Result<std::unique_ptr<Cursor>> SqlTransaction::query(std::string_view sql, std::span<const Value> parameters,
                                                      std::span<const ColumnType> columns) {
  auto cursor = rows(sql, Borrowed(parameters), columns);
  if (!cursor) return std::move(cursor).error();
  return std::unique_ptr<Cursor>(std::move(*cursor));
}

Result<std::int64_t> SqlTransaction::run(std::string_view sql, std::span<const Parameter> parameters) {
  auto taken = connection_.statements().take(owner_, sql, {});
  if (!taken) return told(std::move(taken).error(), sql);
  Statement& statement = **taken;
  auto changed = execute(statement, parameters);
  connection_.statements().give_back(statement);
  if (!changed) return told(std::move(changed).error(), sql);
  return changed;
}

Result<std::int64_t> SqlTransaction::execute(Statement& statement, std::span<const Parameter> parameters) {
  if (auto allowed = check(statement); !allowed) return allowed.error();
  if (statement.changes_schema() && owner_) return change_schema(statement);
  const std::int64_t before = connection_.changed_rows_in_all();
  if (auto ran = statement.run(parameters); !ran) return std::move(ran).error();
  return connection_.changed_rows_in_all() == before ? 0 : connection_.changed_rows();
}

Result<std::unique_ptr<SqlCursor>> SqlTransaction::rows(std::string_view sql,
                                                        std::span<const Parameter> parameters,
                                                        std::span<const ColumnType> columns) {
  if (columns.empty()) return told({ErrorCode::internal, "A query declares no columns.", {}}, sql);
  auto taken = connection_.statements().take(owner_, sql, columns);
  if (!taken) return told(std::move(taken).error(), sql);
  Statement& statement = **taken;
  auto fail = [&](Error error) {
    connection_.statements().give_back(statement);
    return told(std::move(error), sql);
  };
  if (auto allowed = check(statement); !allowed) return fail(allowed.error());
  auto has_row = statement.run(statement.keep(parameters));
  if (!has_row) return fail(std::move(has_row).error());
  return std::make_unique<SqlCursor>(*this, statement, *has_row);
}

// A failure that ended the whole transaction must not let what follows commit by itself.
Result<void> SqlTransaction::check(const Statement& statement) const {
  if (!connection_.in_transaction())
    return Error{ErrorCode::unavailable, "The transaction was rolled back.", {}};
  if (!group_ && !statement.is_read_only()) return Error{ErrorCode::forbidden, "A read changes nothing.", {}};
  return {};
}

Result<void> SqlTransaction::run_script(std::string_view sql) {
  for (int number = 1; !is_blank(sql); ++number) {
    auto statement = Statement::prepare(connection_, owner_, sql, {}, Statement::Tail::may_follow);
    auto ran = statement ? execute(**statement, {}) : Result<std::int64_t>(statement.error());
    if (!ran) {
      Error error = ran.error();
      error.message = "statement " + std::to_string(number) + ": " + error.message;
      if (!error.pointer.empty() && owner_ && error.code == ErrorCode::forbidden)
        error.message += " \"" + error.pointer + "\" does not begin with \"" + owner_->prefix + "\".";
      error.pointer.clear();
      return error;
    }
    sql.remove_prefix((*statement)->consumed());
  }
  return {};
}

// The authorizer is not told the new name of a renamed table, nor where a foreign key points.
Result<std::int64_t> SqlTransaction::change_schema(Statement& statement) {
  close_cursors();
  const auto others = objects_of_others();
  if (!others) return others.error();
  if (const int code = connection_.run(Control::inner_savepoint)) return error_of(code, {});
  Result<void> done;
  if (auto ran = statement.run({}); !ran) done = ran.error();
  statement.reset();
  if (done) {
    const auto now = objects_of_others();
    if (!now) {
      done = now.error();
    } else if (*now != *others) {
      done = Error{ErrorCode::forbidden, "A table must stay among those of its owner.", {}};
    } else {
      done = check_foreign_keys();
    }
  }
  if (!connection_.in_transaction())
    return done ? Error{ErrorCode::unavailable, "The transaction was rolled back.", {}} : done.error();
  if (!done) connection_.run(Control::inner_rollback_to);
  const int released = connection_.run(Control::inner_release);
  if (!done) return done.error();
  if (released) return error_of(released, {});
  return 0;
}

Result<std::int64_t> SqlTransaction::objects_of_others() {
  static constexpr ColumnType kColumns[] = {ColumnType::integer};
  const Parameter parameters[] = {owner_->prefix};
  SqlTransaction host(connection_, nullptr, group_, context_);
  auto rows = host.rows(
      "SELECT count(*) FROM sqlite_master WHERE substr(lower(tbl_name), 1, length(?1)) <> ?1 AND name NOT "
      "LIKE 'sqlite\\_%' ESCAPE '\\'",
      parameters, kColumns);
  if (!rows) return rows.error();
  if (auto row = (*rows)->next(); !row) return row.error();
  return (*rows)->integer(0);
}

Result<void> SqlTransaction::check_foreign_keys() {
  static constexpr ColumnType kColumns[] = {ColumnType::text};
  const Parameter parameters[] = {owner_->prefix};
  SqlTransaction host(connection_, nullptr, group_, context_);
  auto rows = host.rows(
      "SELECT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
      " AND substr(lower(m.name), 1, length(?1)) = ?1 AND substr(lower(f.\"table\"), 1, length(?1)) <> ?1",
      parameters, kColumns);
  if (!rows) return rows.error();
  auto row = (*rows)->next();
  if (!row) return row.error();
  if (*row) return Error{ErrorCode::forbidden, "A foreign key points at a table of another owner.", {}};
  return {};
}

Result<std::uint64_t> SqlTransaction::log_head() {
  if (group_) return group_->head();
  SqlTransaction host(connection_, nullptr, nullptr, context_);
  return event_log::head(host);
}

Result<std::uint64_t> SqlTransaction::emit(const NewEvent& event) {
  Group& group = group_of_writer();
  const std::string_view owner = owner_ ? std::string_view(owner_->name) : "core";
  SqlTransaction host(connection_, nullptr, &group, context_);
  auto seq = event_log::append(host, owner, event);
  if (!seq && seq.error().code != ErrorCode::validation) doom_ = seq.error();
  return seq;
}

Result<void> SqlTransaction::redact(std::string_view subject) {
  Group& group = group_of_writer();
  const std::string_view owner = owner_ ? std::string_view(owner_->name) : "core";
  SqlTransaction host(connection_, nullptr, &group, context_);
  return event_log::redact(host, owner, subject);
}

Result<void> SqlTransaction::enqueue(std::string_view queue, std::string_view payload, std::int64_t run_at) {
  SqlTransaction host(connection_, nullptr, &group_of_writer(), context_);
  const Parameter parameters[] = {owner_ ? std::string_view(owner_->name) : "core", queue, payload, run_at,
                                  context_.now_ms()};
  auto written = host.run(
      "INSERT INTO core_job (owner, queue, payload, run_at, attempts, created_at) VALUES (?1, ?2, ?3, ?4, 0, "
      "?5)",
      parameters);
  if (!written) return written.error();
  return {};
}

void SqlTransaction::on_commit(std::function<void()> action) {
  group_of_writer().add_action(std::move(action));
}

Group& SqlTransaction::group_of_writer() {
  if (!group_) throw std::logic_error("a read transaction neither emits nor commits");
  return *group_;
}

Error SqlTransaction::told(Error error, std::string_view sql) {
  let_down_ = let_down_ || error.code == ErrorCode::unavailable || error.code == ErrorCode::overloaded;
  if (error.code != ErrorCode::internal && error.code != ErrorCode::forbidden) return error;
  const std::string who = owner_ ? owner_->name : "the host";
  const std::string_view fault = error.code == ErrorCode::forbidden ? "was refused" : "failed";
  const std::string what = error.pointer.empty() ? "" : " It names \"" + error.pointer + "\".";
  context_.log("error", "A statement of " + who + " " + std::string(fault) + ": " + error.message + what +
                            " In: " + std::string(sql));
  error.pointer.clear();
  if (error.code == ErrorCode::internal) error.message = "A statement failed.";
  return error;
}

}  // namespace stoa::core::storage
