#include <stdexcept>

#include "storage/transaction.hpp"

namespace stoa::core::storage {

SqlCursor::SqlCursor(SqlTransaction& transaction, Statement& statement, bool has_row)
    : transaction_(&transaction), statement_(&statement), has_row_(has_row) {
  next_ = transaction.cursors_;
  link_ = &transaction.cursors_;
  if (next_) next_->link_ = &next_;
  transaction.cursors_ = this;
}

void SqlCursor::close() {
  if (!statement_) return;
  transaction_->connection_.statements().give_back(*statement_);
  statement_ = nullptr;
  has_row_ = false;
  *link_ = next_;
  if (next_) next_->link_ = link_;
}

Result<bool> SqlCursor::next() {
  if (!statement_) return Error{ErrorCode::internal, "The cursor is closed.", {}};
  if (first_) {
    first_ = false;
    return has_row_;
  }
  if (!has_row_) return false;
  auto row = statement_->next();
  has_row_ = row && *row;
  if (!row) return transaction_->told(row.error(), statement_->text());
  return row;
}

std::span<const Column> SqlCursor::row() const {
  if (!has_row_ || first_) throw std::logic_error("a cursor has no row now");
  return statement_->columns();
}

const Column& SqlCursor::at(std::size_t column) const {
  const std::span<const Column> columns = row();
  if (column >= columns.size()) throw std::logic_error("a cursor has no such column");
  return columns[column];
}

const Column& SqlCursor::at(std::size_t column, ColumnType type) const {
  const Column& result = at(column);
  if (result.type != type)
    throw std::logic_error("a column is read as another type than it was declared with");
  return result;
}

std::string_view SqlCursor::text(std::size_t column) const {
  const Column& result = at(column);
  if (result.type != ColumnType::text && result.type != ColumnType::blob) {
    throw std::logic_error("a column is read as text that was declared a number");
  }
  return result.bytes;
}

}  // namespace stoa::core::storage
