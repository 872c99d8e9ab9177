#include "storage/statement.hpp"

#include <time.h>

#include <charconv>
#include <limits>
#include <stdexcept>

#include "storage/connection_native.hpp"
#include "storage/failure.hpp"
#include "storage/sql_text.hpp"
#include "storage/statement_cache.hpp"
#include "storage/statement_elements.hpp"

namespace stoa::core::storage {

using namespace sqlite_api;

namespace {

// ":p7", "?7": 7; anything else: 0.
std::size_t number_in(const char* name) {
  if (!name) return 0;
  std::string_view text(name);
  text.remove_prefix(1);
  if (text.starts_with('p')) text.remove_prefix(1);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

// Cheap enough for each row; a few milliseconds coarse.
std::chrono::milliseconds coarse_now() {
  ::timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::chrono::milliseconds(now.tv_sec * 1'000 + now.tv_nsec / 1'000'000);
}

}  // namespace

struct Statement::Native {
  explicit Native(soci::session& session) : statement(session) {}
  sqlite3_stmt* handle() {
    return static_cast<soci::sqlite3_statement_backend*>(statement.get_backend())->stmt_;
  }
  soci::statement statement;
};

Result<std::unique_ptr<Statement>> Statement::prepare(Connection& connection, const Owner* owner,
                                                      std::string_view text,
                                                      std::span<const ColumnType> columns, Tail tail) {
  std::unique_ptr<Statement> self(new Statement(connection, owner, text, columns));
  if (auto done = self->compile(tail); !done) return done.error();
  return self;
}

Statement::Statement(Connection& connection, const Owner* owner, std::string_view text,
                     std::span<const ColumnType> columns)
    : connection_(connection), owner_(owner), text_(text), column_types_(columns.begin(), columns.end()) {
  columns_.reserve(columns.size());
  for (const ColumnType type : columns) columns_.push_back({.type = type});
}

Statement::~Statement() = default;

Result<void> Statement::compile(Tail tail) {
  if (text_.find('\0') != std::string::npos)
    return Error{ErrorCode::internal, "A statement holds a zero byte.", {}};
  const SqlShape shape = shape_of(text_);
  if (owner_ && !shape.verb.empty() && (!shape.is_permitted() || shape.rolls_back)) {
    return Error{ErrorCode::forbidden, "A statement of that kind is for the host alone.", {}};
  }
  changes_schema_ = shape.changes_schema();
  native_ = std::make_unique<Native>(connection_.native().session);
  soci::statement& statement = native_->statement;
  act();
  connection_.authorizer().unproven.clear();
  try {
    statement.alloc();
    statement.prepare(text_);
  } catch (const soci::sqlite3_soci_error& error) {
    return fail(error.result(), connection_.last_message());
  } catch (const soci::soci_error& error) {
    return fail(SQLITE_ERROR, error.get_error_message());
  }
  if (!native_->handle()) return Error{ErrorCode::internal, "A statement is empty.", {}};
  if (tail == Tail::must_be_blank && !is_blank(std::string_view(text_).substr(consumed()))) {
    return Error{ErrorCode::internal, "A text holds more than one statement.", {}};
  }
  if (auto proven = check_unproven(); !proven) return proven.error();
  const auto column_count = static_cast<std::size_t>(sqlite3_column_count(native_->handle()));
  if (!columns_.empty() && columns_.size() != column_count) {
    return Error{ErrorCode::internal,
                 "A statement gives " + std::to_string(column_count) + " columns, not the " +
                     std::to_string(columns_.size()) + " that were declared.",
                 {}};
  }
  read_only_ = sqlite3_stmt_readonly(native_->handle()) != 0;
  number_parameters();
  if (!columns_.empty()) statement.exchange(soci::details::into_type_ptr(new RowInto(columns_)));
  for (const std::size_t number : numbers_) {
    statement.exchange(soci::details::use_type_ptr(new ParameterUse(given_, number)));
  }
  statement.define_and_bind();
  return {};
}

// count(*) over a common table expression looks to the authorizer like count(*) over a table.
Result<void> Statement::check_unproven() {
  const std::vector<std::string> names = std::move(connection_.authorizer().unproven);
  connection_.authorizer().unproven.clear();
  for (const std::string& name : names) {
    static constexpr ColumnType kColumns[] = {ColumnType::integer};
    auto lookup = connection_.statements().take(
        nullptr, "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE",
        kColumns);
    if (!lookup) return lookup.error();
    const Parameter parameter(name);
    const Result<bool> exists = (*lookup)->run({&parameter, 1});
    connection_.statements().give_back(**lookup);
    if (!exists) return exists.error();
    if (*exists) return error_of(SQLITE_AUTH, {});
  }
  return {};
}

void Statement::number_parameters() {
  auto* handle = native_->handle();
  const int places = sqlite3_bind_parameter_count(handle);
  for (int place = 1; place <= places; ++place) {
    const std::size_t named = number_in(sqlite3_bind_parameter_name(handle, place));
    const std::size_t number = named ? named : static_cast<std::size_t>(place);
    numbers_.push_back(number - 1);
    parameter_count_ = std::max(parameter_count_, number);
  }
}

std::size_t Statement::consumed() const {
  return std::string_view(sqlite3_sql(native_->handle())).size();
}

void Statement::act() {
  connection_.authorizer().act(owner_, changes_schema_);
}

Error Statement::fail(int code, const std::string& message) {
  connection_.note_failure(code);
  const Authorizer& authorizer = connection_.authorizer();
  if (authorizer.refused) code = SQLITE_AUTH;
  Error error = error_of(code, message);
  if (authorizer.refused) error.pointer = authorizer.refused_name;  // for logs, not for answers
  if (error.code == ErrorCode::internal) error.message = message;
  return error;
}

template <class Step>
Result<bool> Statement::step(Step&& take) {
  act();
  const std::chrono::milliseconds begin = coarse_now();
  try {
    const bool has_row = take();
    spent_ += coarse_now() - begin;
    return has_row;
  } catch (const soci::sqlite3_soci_error& error) {
    const std::string message = connection_.last_message();
    reset();
    return fail(error.result(), message);
  } catch (const soci::soci_error& error) {
    reset();
    return fail(SQLITE_ERROR, error.get_error_message());
  }
}

Result<bool> Statement::run(std::span<const Parameter> parameters) {
  if (parameters.size() != parameter_count_) {
    return Error{ErrorCode::internal,
                 "A statement takes " + std::to_string(parameter_count_) + " parameters, not " +
                     std::to_string(parameters.size()) + ".",
                 {}};
  }
  for (const Parameter& parameter : parameters) {
    if (parameter.bytes.size() > std::numeric_limits<int>::max()) return error_of(SQLITE_TOOBIG, {});
  }
  given_ = parameters;
  return step([this] { return native_->statement.execute(true); });
}

Result<bool> Statement::next() {
  return step([this] { return native_->statement.fetch(); });
}

void Statement::reset() {
  sqlite3_reset(native_->handle());
}

std::span<const Parameter> Statement::keep(std::span<const Parameter> parameters) {
  kept_.assign(parameters.begin(), parameters.end());
  if (kept_bytes_.size() < kept_.size()) kept_bytes_.resize(kept_.size());
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (kept_[i].bytes.empty()) continue;
    kept_bytes_[i].assign(kept_[i].bytes);
    kept_[i].bytes = kept_bytes_[i];
  }
  return kept_;
}

}  // namespace stoa::core::storage
