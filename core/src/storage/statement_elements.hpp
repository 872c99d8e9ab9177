// What SOCI moves in and out of a statement. Its own elements take one fixed type each and, for text, a copy;
// these are bound once and then take what the run brings, without one.
#pragma once

#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/connection_native.hpp"
#include "storage/statement.hpp"

namespace stoa::core::storage {

class ParameterUse final : public soci::details::use_type_base {
 public:
  ParameterUse(const std::span<const Parameter>& given, std::size_t number)
      : given_(given), number_(number) {}

  void bind(soci::details::statement_impl& statement, int& position) override {
    backend_ = static_cast<soci::sqlite3_statement_backend*>(statement.get_backend());
    index_ = static_cast<std::size_t>(position++) - 1;
    backend_->useData_.resize(1);
    backend_->useData_[0].resize(index_ + 1);
  }
  std::string get_name() const override { return {}; }
  void dump_value(std::ostream& out) const override {
    out << '?';
  }  // values are nobody's business in a message
  void pre_exec(int) override {}
  void pre_use() override {
    soci::sqlite3_column& column = backend_->useData_[0][index_];
    const Parameter& value = given_[number_];
    column.isNull_ = value.kind == Parameter::Kind::null;
    switch (value.kind) {
      case Parameter::Kind::null: break;
      case Parameter::Kind::integer:
        column.type_ = soci::dt_long_long;
        column.int64_ = value.integer;
        break;
      case Parameter::Kind::real:
        column.type_ = soci::dt_double;
        column.double_ = value.real;
        break;
      case Parameter::Kind::text:
      case Parameter::Kind::blob:
        column.type_ = value.kind == Parameter::Kind::text ? soci::dt_string : soci::dt_blob;
        column.buffer_.constData_ = value.bytes.empty() ? "" : value.bytes.data();  // null would bind NULL
        column.buffer_.size_ = value.bytes.size();
        break;
    }
  }
  void post_use(bool) override {}
  void clean_up() override {}
  std::size_t size() const override { return 1; }

 private:
  const std::span<const Parameter>& given_;
  std::size_t number_;
  std::size_t index_ = 0;
  soci::sqlite3_statement_backend* backend_ = nullptr;
};

// A whole row: one element instead of one for each column, since SOCI calls each several times for each row.
class RowInto final : public soci::details::into_type_base {
 public:
  explicit RowInto(std::vector<Column>& columns) : columns_(columns) {}

  void define(soci::details::statement_impl& statement, int& position) override {
    backend_ = static_cast<soci::sqlite3_statement_backend*>(statement.get_backend());
    position += static_cast<int>(columns_.size());
  }
  void pre_exec(int) override {}
  void pre_fetch() override {}
  void post_fetch(bool got_data, bool) override {
    if (!got_data) return;
    int index = 0;
    for (Column& column : columns_) read(column, index++);
  }
  void clean_up() override {}
  std::size_t size() const override { return 1; }

 private:
  // Each sqlite3_column_ function looks the value up anew; those for values do not. They want a connection
  // that no other thread uses meanwhile, as ours are.
  void read(Column& column, int index) {
    sqlite_api::sqlite3_value* value = sqlite_api::sqlite3_column_value(backend_->stmt_, index);
    column.is_null = sqlite_api::sqlite3_value_type(value) == SQLITE_NULL;
    if (column.is_null) {
      column.integer = 0;
      column.real = 0;
      column.bytes = {};
      return;
    }
    switch (column.type) {
      case ColumnType::integer: column.integer = sqlite_api::sqlite3_value_int64(value); break;
      case ColumnType::real: column.real = sqlite_api::sqlite3_value_double(value); break;
      case ColumnType::text:
      case ColumnType::blob: column.bytes = bytes_of(value); break;
    }
  }
  // As a blob: as a text SQLite would copy it first, to put a zero byte behind it. A number becomes its text.
  // The size is asked afterwards, as that may change it.
  static std::string_view bytes_of(sqlite_api::sqlite3_value* value) {
    const auto* bytes = static_cast<const char*>(sqlite_api::sqlite3_value_blob(value));
    const auto size = static_cast<std::size_t>(sqlite_api::sqlite3_value_bytes(value));
    return bytes ? std::string_view(bytes, size) : std::string_view();
  }

  std::vector<Column>& columns_;
  soci::sqlite3_statement_backend* backend_ = nullptr;
};

}  // namespace stoa::core::storage
