// The one implementation of Transaction, for reads and for write closures.
#pragma once

#include <functional>
#include <string>

#include "storage/connection.hpp"
#include "storage/database.hpp"
#include "storage/group.hpp"
#include "storage/parameter.hpp"
#include "storage/statement_cache.hpp"

namespace stoa::core::storage {

class SqlCursor;

// What a transaction needs of the database around it.
struct TransactionContext {
  std::function<std::int64_t()> now_ms;
  std::function<void(std::string_view level, std::string_view message)> log;
};

class SqlTransaction final : public Transaction {
 public:
  // `owner` null: the host itself. `group` null: a read.
  SqlTransaction(Connection& connection, const Owner* owner, Group* group, const TransactionContext& context);
  ~SqlTransaction() override;

  bool writable() const override { return group_ != nullptr; }
  Result<std::int64_t> exec(std::string_view sql, std::span<const Value> parameters) override;
  Result<std::unique_ptr<Cursor>> query(std::string_view sql, std::span<const Value> parameters,
                                        std::span<const ColumnType> columns) override;
  std::int64_t last_insert_id() const override { return connection_.last_insert_id(); }
  Result<std::uint64_t> log_head() override;
  Result<std::uint64_t> emit(const NewEvent& event) override;
  Result<void> redact(std::string_view subject) override;
  Result<void> enqueue(std::string_view queue, std::string_view payload, std::int64_t run_at) override;
  void on_commit(std::function<void()> action) override;

  // The same with borrowed parameters.
  Result<std::int64_t> run(std::string_view sql, std::span<const Parameter> parameters);
  Result<std::unique_ptr<SqlCursor>> rows(std::string_view sql, std::span<const Parameter> parameters,
                                          std::span<const ColumnType> columns);
  // Runs every statement of a text. Errors name the statement by its number.
  Result<void> run_script(std::string_view sql);
  // Cursors still open give no more rows.
  void close_cursors();
  // What was left half done, so that the closure cannot succeed even if it says so.
  const Result<void>& doom() const { return doom_; }
  // A statement failed for no fault of its own: the disk is full, the file is locked.
  bool was_let_down() const { return let_down_; }

  Connection& connection() { return connection_; }
  Group* group() { return group_; }
  const Owner* owner() const { return owner_; }
  const TransactionContext& context() const { return context_; }

 private:
  friend class SqlCursor;
  Result<void> check(const Statement& statement) const;
  Result<std::int64_t> execute(Statement& statement, std::span<const Parameter> parameters);
  Result<std::int64_t> change_schema(Statement& statement);
  Result<std::int64_t> objects_of_others();
  Result<void> check_foreign_keys();
  Group& group_of_writer();
  Error told(Error error, std::string_view sql);

  Connection& connection_;
  const Owner* owner_;
  Group* group_;
  const TransactionContext& context_;
  SqlCursor* cursors_ = nullptr;
  Result<void> doom_;
  bool let_down_ = false;
};

class SqlCursor final : public Cursor {
 public:
  SqlCursor(SqlTransaction& transaction, Statement& statement, bool has_row);
  ~SqlCursor() override { close(); }

  Result<bool> next() override;
  std::size_t columns() const override { return statement_ ? statement_->columns().size() : 0; }
  std::span<const Column> row() const override;
  bool is_null(std::size_t column) const override { return at(column).is_null; }
  std::int64_t integer(std::size_t column) const override { return at(column, ColumnType::integer).integer; }
  double real(std::size_t column) const override { return at(column, ColumnType::real).real; }
  std::string_view text(std::size_t column) const override;
  void close();

 private:
  friend class SqlTransaction;
  const Column& at(std::size_t column) const;
  const Column& at(std::size_t column, ColumnType type) const;

  SqlTransaction* transaction_;
  Statement* statement_;  // null once closed
  bool first_ = true;
  bool has_row_;
  SqlCursor* next_ = nullptr;  // in the transaction's list of open cursors
  SqlCursor** link_ = nullptr;
};

}  // namespace stoa::core::storage
