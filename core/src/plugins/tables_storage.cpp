#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "crash/breadcrumb.hpp"
#include "http/cache.hpp"
#include "plugins/boundary.hpp"
#include "plugins/call.hpp"
#include "plugins/tables.hpp"
#include "plugins/transactions.hpp"
#include "realtime/hub.hpp"
#include "storage/database.hpp"
#include "storage/scope.hpp"
#include "work/pool.hpp"

namespace stoa::core::plugins {

namespace {

std::vector<storage::Value> to_values(const stoa_value* values, std::size_t count) {
  std::vector<storage::Value> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    switch (values[i].type) {
      case STOA_INTEGER: out.emplace_back(values[i].as.integer); break;
      case STOA_REAL: out.emplace_back(values[i].as.real); break;
      case STOA_TEXT: out.emplace_back(std::string(view(values[i].as.text))); break;
      case STOA_BLOB: out.emplace_back(storage::Blob{std::string(view(values[i].as.text))}); break;
      default: out.emplace_back(std::monostate{});
    }
  }
  return out;
}

Result<void> run(stoa_ctx* ctx, stoa_tx_fn fn, void* self, storage::Transaction& transaction) {
  const OpenTransaction tx(*ctx, transaction);
  const crash::Breadcrumb here(ctx->id.c_str(), "a transaction");
  clear_callback_error();
  const stoa_status status = fn(self, tx.handle());
  if (status == STOA_OK) return {};
  return take_callback_error(status);
}

// Whether a transaction may begin now on this thread; else why not.
stoa_status may_begin(const stoa_ctx& who, stoa_tx_fn fn, std::string_view call, bool waits) {
  if (!fn) return argument(who, call, "a function is required");
  if (!who.usable) return wrong_state(who, call, "is for active plugins, from start on");
  const storage::Scope& here = storage::this_scope();
  if (here.in_closure || (waits && here.database == who.host.database))
    return wrong_state(who, call, "is not allowed on the writer thread");
  return STOA_OK;
}

stoa_status read(stoa_ctx* ctx, stoa_tx_fn fn, void* self) {
  return at_boundary("storage.read", [&] {
    if (const stoa_status begin = may_begin(*ctx, fn, "storage.read", true); begin != STOA_OK) return begin;
    return finish(
        ctx->host.database->read(ctx->id, [&](storage::Transaction& t) { return run(ctx, fn, self, t); }));
  });
}

stoa_status write(stoa_ctx* ctx, stoa_tx_fn fn, void* self) {
  return at_boundary("storage.write", [&] {
    if (const stoa_status begin = may_begin(*ctx, fn, "storage.write", true); begin != STOA_OK) return begin;
    const work::Pool::BlockingRegion waiting_for_the_commit;
    return finish(
        ctx->host.database->write(ctx->id, [&](storage::Transaction& t) { return run(ctx, fn, self, t); }));
  });
}

stoa_status write_async(stoa_ctx* ctx, stoa_tx_fn fn, void* self, void (*done)(void*, stoa_status)) {
  return at_boundary("storage.write_async", [&] {
    if (const stoa_status begin = may_begin(*ctx, fn, "storage.write_async", false); begin != STOA_OK)
      return begin;
    if (!done) return argument(*ctx, "storage.write_async", "done is required");
    ctx->host.database->write(
        ctx->id, [ctx, fn, self](storage::Transaction& t) { return run(ctx, fn, self, t); },
        [self, done, call = Call::hold(ctx->shared_from_this())](Result<void> result) {
          const crash::Breadcrumb here(call.generation()->id.c_str(), "the end of a write");
          done(self, finish(result));
        });
    return stoa_status{STOA_OK};
  });
}

// A statement that its owner may not run is a mistake in the plugin, and no matter of the user's rights.
stoa_status failed_statement(Error error) {
  if (error.code == ErrorCode::forbidden) error.code = ErrorCode::internal;
  return failed(std::move(error));
}

stoa_status exec(stoa_tx* handle, stoa_str sql, const stoa_value* values, std::size_t count,
                 std::int64_t* changed) {
  return at_boundary("storage.exec", [&]() -> stoa_status {
    OpenTransaction* tx = transaction_of(handle, "storage.exec");
    if (!tx) return STOA_E_STALE;
    if (count > 0 && !values) return argument(tx->owner, "storage.exec", "the values are missing");
    auto rows = tx->transaction.exec(view(sql), to_values(values, count));
    if (!rows) return failed_statement(rows.error());
    if (changed) *changed = *rows;
    return STOA_OK;
  });
}

stoa_status query(stoa_tx* handle, stoa_str sql, const stoa_value* values, std::size_t count,
                  const stoa_type* types, std::size_t columns, stoa_cursor** cursor) {
  return at_boundary("storage.query", [&]() -> stoa_status {
    OpenTransaction* tx = transaction_of(handle, "storage.query");
    if (!tx) return STOA_E_STALE;
    if ((count > 0 && !values) || !types || !cursor)
      return argument(tx->owner, "storage.query", "values, types or cursor are missing");
    std::vector<storage::ColumnType> wanted;
    wanted.reserve(columns);
    for (std::size_t i = 0; i < columns; ++i) {
      switch (types[i]) {
        case STOA_INTEGER: wanted.push_back(storage::ColumnType::integer); break;
        case STOA_REAL: wanted.push_back(storage::ColumnType::real); break;
        case STOA_TEXT: wanted.push_back(storage::ColumnType::text); break;
        case STOA_BLOB: wanted.push_back(storage::ColumnType::blob); break;
        default: return argument(tx->owner, "storage.query", "unknown column type");
      }
    }
    auto rows = tx->transaction.query(view(sql), to_values(values, count), wanted);
    if (!rows) return failed_statement(rows.error());
    *cursor = tx->open(std::move(*rows));
    return STOA_OK;
  });
}

stoa_value value_of(const storage::Column& column) {
  stoa_value value{STOA_NULL, 0, {0}};
  if (column.is_null) return value;
  switch (column.type) {
    case storage::ColumnType::integer:
      value.type = STOA_INTEGER;
      value.as.integer = column.integer;
      break;
    case storage::ColumnType::real:
      value.type = STOA_REAL;
      value.as.real = column.real;
      break;
    case storage::ColumnType::text:
      value.type = STOA_TEXT;
      value.as.text = str(column.bytes);
      break;
    case storage::ColumnType::blob:
      value.type = STOA_BLOB;
      value.as.text = str(column.bytes);
      break;
  }
  return value;
}

stoa_status next(stoa_cursor* handle, stoa_value* row, std::size_t columns, int* has_row) {
  return at_boundary("storage.next", [&]() -> stoa_status {
    OpenCursor* cursor = cursor_of(handle, "storage.next");
    if (!cursor) return STOA_E_STALE;
    if (columns > (*cursor)->columns() || (columns > 0 && !row) || !has_row) {
      remember_error(
          {ErrorCode::internal, "storage.next: the row is missing, or has more values than the query"});
      return STOA_E_ARGUMENT;
    }
    auto found = (*cursor)->next();
    if (!found) return failed_statement(found.error());
    *has_row = *found ? 1 : 0;
    if (*found && columns > 0) {
      const std::span<const storage::Column> read = (*cursor)->row();
      std::transform(read.begin(), read.begin() + static_cast<std::ptrdiff_t>(columns), row, &value_of);
    }
    return STOA_OK;
  });
}

void close_cursor_of(stoa_cursor* handle) {
  close_cursor(handle);
}

std::int64_t last_insert_id(stoa_tx* handle) {
  const OpenTransaction* tx = transaction_of(handle, "storage.last_insert_id");
  return tx ? tx->transaction.last_insert_id() : 0;
}

stoa_status log_head(stoa_tx* handle, std::uint64_t* seq) {
  return at_boundary("storage.log_head", [&]() -> stoa_status {
    OpenTransaction* tx = transaction_of(handle, "storage.log_head");
    if (!tx) return STOA_E_STALE;
    auto head = tx->transaction.log_head();
    if (!head) return failed(head.error());
    *seq = *head;
    return STOA_OK;
  });
}

stoa_status drop_tags(stoa_tx* handle, const stoa_str* tags, std::size_t count) {
  return in_write(handle, "storage.drop_tags", [&](OpenTransaction& tx) {
    if (count > 0 && !tags) return argument(tx.owner, "storage.drop_tags", "the tags are missing");
    std::vector<std::string> scoped;
    for (std::size_t i = 0; i < count; ++i) scoped.push_back(tx.owner.id + "/" + std::string(view(tags[i])));
    tx.transaction.on_commit(
        [cache = tx.owner.host.cache, scoped = std::move(scoped)] { cache->drop(scoped); });
    return stoa_status{STOA_OK};
  });
}

stoa_status on_commit(stoa_tx* handle, void* self, void (*action)(void*), void (*drop)(void*)) {
  return in_write(handle, "storage.on_commit", [&](OpenTransaction& tx) {
    if (!action) return argument(tx.owner, "storage.on_commit", "an action is required");
    struct Owed {
      void* self;
      void (*drop)(void*);
      ~Owed() {
        if (self && drop) drop(self);
      }
    };
    auto owed = std::make_shared<Owed>(Owed{nullptr, drop});
    owed->self = self;
    tx.transaction.on_commit([owed, action] { action(std::exchange(owed->self, nullptr)); });
    return stoa_status{STOA_OK};
  });
}

}  // namespace

const stoa_storage_v1* storage_table() {
  static const stoa_storage_v1 table = {
      sizeof table,    0,         &read,      &write,    &write_async, &exec, &query, &next, &close_cursor_of,
      &last_insert_id, &log_head, &drop_tags, &on_commit};
  return &table;
}

}  // namespace stoa::core::plugins
