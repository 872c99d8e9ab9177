#include "storage/statement.hpp"

#include <charconv>
#include <limits>
#include <stdexcept>

#include "storage/connection_native.hpp"
#include "storage/failure.hpp"
#include "storage/sql_text.hpp"
#include "storage/statement_cache.hpp"

namespace stoa::core::storage {

using namespace sqlite_api;

namespace {

using soci::details::statement_impl;

// SOCI's own elements take one fixed type each and, for text, a copy; these two are bound once and then take
// what the run brings, without one.
class ParameterUse final : public soci::details::use_type_base {
 public:
  ParameterUse(const std::span<const Parameter>& given, std::size_t number)
      : given_(given), number_(number) {}

  void bind(statement_impl& statement, int& position) override {
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
      case Parameter::Kind::null:
        break;
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

class ColumnInto final : public soci::details::into_type_base {
 public:
  explicit ColumnInto(Column& column) : column_(column) {}

  void define(statement_impl& statement, int& position) override {
    backend_ = static_cast<soci::sqlite3_statement_backend*>(statement.get_backend());
    index_ = position++ - 1;
  }
  void pre_exec(int) override {}
  void pre_fetch() override {}
  void post_fetch(bool got_data, bool) override {
    if (!got_data) return;
    auto* handle = backend_->stmt_;
    column_.is_null = sqlite3_column_type(handle, index_) == SQLITE_NULL;
    if (column_.is_null) {
      column_.integer = 0;
      column_.real = 0;
      column_.bytes = {};
      return;
    }
    switch (column_.type) {
      case ColumnType::integer:
        column_.integer = sqlite3_column_int64(handle, index_);
        break;
      case ColumnType::real:
        column_.real = sqlite3_column_double(handle, index_);
        break;
      case ColumnType::text:
        take(sqlite3_column_text(handle, index_));
        break;
      case ColumnType::blob:
        take(sqlite3_column_blob(handle, index_));
        break;
    }
  }
  void clean_up() override {}
  std::size_t size() const override { return 1; }

 private:
  // The size is asked after the text, as its conversion may change it.
  void take(const void* bytes) {
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(backend_->stmt_, index_));
    column_.bytes = bytes ? std::string_view(static_cast<const char*>(bytes), size) : std::string_view();
  }

  Column& column_;
  int index_ = 0;
  soci::sqlite3_statement_backend* backend_ = nullptr;
};

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
  for (Column& column : columns_) statement.exchange(soci::details::into_type_ptr(new ColumnInto(column)));
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
  if (connection_.authorizer().refused) code = SQLITE_AUTH;
  Error error = error_of(code, message);
  if (error.code == ErrorCode::internal) error.message = message;
  return error;
}

template <class Step>
Result<bool> Statement::step(Step&& take) {
  act();
  try {
    return take();
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
