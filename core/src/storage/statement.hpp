// A prepared statement with the variables it is bound to. Belongs to one connection; used by its thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/result.hpp"
#include "storage/connection.hpp"
#include "storage/parameter.hpp"

namespace stoa::core::storage {

class Statement {
 public:
  enum class Tail { must_be_blank, may_follow };
  // `owner` null: the host itself. `columns` of a statement that is run by exec is empty, whatever it
  // returns. Errors: as Transaction::exec.
  static Result<std::unique_ptr<Statement>> prepare(Connection& connection, const Owner* owner,
                                                    std::string_view text,
                                                    std::span<const ColumnType> columns,
                                                    Tail tail = Tail::must_be_blank);
  ~Statement();

  // Result: whether there is a row. The bytes of `parameters` must outlive the run, up to reset().
  Result<bool> run(std::span<const Parameter> parameters);
  Result<bool> next();
  void reset();
  // Copies the bytes of text and blobs, so that the parameters may go before reset().
  std::span<const Parameter> keep(std::span<const Parameter> parameters);

  const Owner* owner() const { return owner_; }
  const std::string& text() const { return text_; }
  std::span<const ColumnType> column_types() const { return column_types_; }
  std::span<const Column> columns() const { return columns_; }
  // How much of the text the statement took.
  std::size_t consumed() const;
  bool changes_schema() const { return changes_schema_; }
  bool is_read_only() const { return read_only_; }

  // Time in SQLite since it was asked last, to a few milliseconds.
  std::chrono::milliseconds take_spent() { return std::exchange(spent_, std::chrono::milliseconds(0)); }

  bool in_use = false;                                   // by a cursor or a run; for the cache
  std::chrono::steady_clock::time_point slow_told = {};  // for the cache

 private:
  struct Native;
  Statement(Connection& connection, const Owner* owner, std::string_view text,
            std::span<const ColumnType> columns);
  Result<void> compile(Tail tail);
  Result<void> check_unproven();
  void number_parameters();
  void act();
  Error fail(int code, const std::string& message);
  template <class Step>
  Result<bool> step(Step&& take);

  Connection& connection_;
  const Owner* owner_;
  std::string text_;
  std::vector<ColumnType> column_types_;
  std::vector<Column> columns_;
  std::vector<std::size_t> numbers_;  // of each bound place, the parameter it takes
  std::size_t parameter_count_ = 0;
  std::span<const Parameter> given_;
  std::vector<Parameter> kept_;
  std::vector<std::string> kept_bytes_;
  bool changes_schema_ = false;
  bool read_only_ = true;
  std::chrono::milliseconds spent_{0};
  std::unique_ptr<Native> native_;
  friend struct StatementBinding;
};

}  // namespace stoa::core::storage
