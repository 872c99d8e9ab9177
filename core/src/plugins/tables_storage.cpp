#include <memory>
#include <utility>
#include <vector>

#include "http/cache.hpp"
#include "plugins/boundary.hpp"
#include "plugins/call.hpp"
#include "plugins/subscribers.hpp"
#include "plugins/tables.hpp"
#include "realtime/hub.hpp"
#include "storage/database.hpp"
#include "work/pool.hpp"

struct stoa_tx {
  stoa::core::plugins::Generation& owner;
  stoa::core::storage::Transaction& transaction;
};

struct stoa_cursor {
  std::unique_ptr<stoa::core::storage::Cursor> rows;
  std::vector<stoa_type> types;
};

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
  stoa_tx tx{*ctx, transaction};
  clear_callback_error();
  const stoa_status status = fn(self, &tx);
  if (status == STOA_OK) return {};
  return take_callback_error(status);
}

stoa_status read(stoa_ctx* ctx, stoa_tx_fn fn, void* self) {
  return at_boundary("storage.read", [&] {
    if (!ctx->usable) return wrong_state("storage.read");
    return finish(
        ctx->host.database->read(ctx->id, [&](storage::Transaction& t) { return run(ctx, fn, self, t); }));
  });
}

stoa_status write(stoa_ctx* ctx, stoa_tx_fn fn, void* self) {
  return at_boundary("storage.write", [&] {
    if (!ctx->usable) return wrong_state("storage.write");
    const work::Pool::BlockingRegion waiting_for_the_commit;
    return finish(
        ctx->host.database->write(ctx->id, [&](storage::Transaction& t) { return run(ctx, fn, self, t); }));
  });
}

stoa_status write_async(stoa_ctx* ctx, stoa_tx_fn fn, void* self, void (*done)(void*, stoa_status)) {
  return at_boundary("storage.write_async", [&] {
    if (!ctx->usable) return wrong_state("storage.write_async");
    ctx->host.database->write(
        ctx->id, [ctx, fn, self](storage::Transaction& t) { return run(ctx, fn, self, t); },
        [self, done, call = Call::hold(ctx->shared_from_this())](Result<void> result) {
          done(self, finish(result));
        });
    return stoa_status{STOA_OK};
  });
}

stoa_status exec(stoa_tx* tx, stoa_str sql, const stoa_value* values, std::size_t count,
                 std::int64_t* changed) {
  return at_boundary("storage.exec", [&]() -> stoa_status {
    auto rows = tx->transaction.exec(view(sql), to_values(values, count));
    if (!rows) return failed(rows.error());
    if (changed) *changed = *rows;
    return STOA_OK;
  });
}

stoa_status query(stoa_tx* tx, stoa_str sql, const stoa_value* values, std::size_t count,
                  const stoa_type* types, std::size_t columns, stoa_cursor** cursor) {
  return at_boundary("storage.query", [&]() -> stoa_status {
    std::vector<storage::ColumnType> wanted;
    for (std::size_t i = 0; i < columns; ++i) {
      switch (types[i]) {
        case STOA_INTEGER: wanted.push_back(storage::ColumnType::integer); break;
        case STOA_REAL: wanted.push_back(storage::ColumnType::real); break;
        case STOA_TEXT: wanted.push_back(storage::ColumnType::text); break;
        case STOA_BLOB: wanted.push_back(storage::ColumnType::blob); break;
        default: return argument("query: unknown column type");
      }
    }
    auto rows = tx->transaction.query(view(sql), to_values(values, count), wanted);
    if (!rows) return failed(rows.error());
    *cursor = new stoa_cursor{std::move(*rows), {types, types + columns}};
    return STOA_OK;
  });
}

stoa_status next(stoa_cursor* cursor, int* has_row) {
  return at_boundary("storage.next", [&]() -> stoa_status {
    auto row = cursor->rows->next();
    if (!row) return failed(row.error());
    *has_row = *row ? 1 : 0;
    return STOA_OK;
  });
}

stoa_status column(stoa_cursor* cursor, std::size_t index, stoa_value* value) {
  return at_boundary("storage.column", [&]() -> stoa_status {
    if (index >= cursor->types.size()) return argument("column: no such column");
    *value = stoa_value{STOA_NULL, 0, {0}};
    if (cursor->rows->is_null(index)) return STOA_OK;
    value->type = cursor->types[index];
    switch (value->type) {
      case STOA_INTEGER: value->as.integer = cursor->rows->integer(index); break;
      case STOA_REAL: value->as.real = cursor->rows->real(index); break;
      default: value->as.text = str(cursor->rows->text(index));
    }
    return STOA_OK;
  });
}

void close(stoa_cursor* cursor) {
  delete cursor;
}

std::int64_t last_insert_id(stoa_tx* tx) {
  return tx->transaction.last_insert_id();
}

stoa_status log_head(stoa_tx* tx, std::uint64_t* seq) {
  return at_boundary("storage.log_head", [&]() -> stoa_status {
    auto head = tx->transaction.log_head();
    if (!head) return failed(head.error());
    *seq = *head;
    return STOA_OK;
  });
}

// Every function that only a write closure may call.
template <class F>
stoa_status in_write(stoa_tx* tx, std::string_view call, F&& work) {
  return at_boundary(call, [&]() -> stoa_status {
    if (!tx->transaction.writable()) return wrong_state(call);
    return work();
  });
}

stoa_status drop_tags(stoa_tx* tx, const stoa_str* tags, std::size_t count) {
  return in_write(tx, "storage.drop_tags", [&] {
    std::vector<std::string> scoped;
    for (std::size_t i = 0; i < count; ++i) scoped.push_back(tx->owner.id + "/" + std::string(view(tags[i])));
    tx->transaction.on_commit(
        [cache = tx->owner.host.cache, scoped = std::move(scoped)] { cache->drop(scoped); });
    return stoa_status{STOA_OK};
  });
}

stoa_status on_commit(stoa_tx* tx, void* self, void (*action)(void*), void (*drop)(void*)) {
  return in_write(tx, "storage.on_commit", [&] {
    struct Owed {
      void* self;
      void (*drop)(void*);
      ~Owed() {
        if (self && drop) drop(self);
      }
    };
    auto owed = std::make_shared<Owed>(Owed{nullptr, drop});
    owed->self = self;
    tx->transaction.on_commit([owed, action] { action(std::exchange(owed->self, nullptr)); });
    return stoa_status{STOA_OK};
  });
}

stoa_status emit(stoa_tx* tx, const stoa_new_event* event, std::uint64_t* seq) {
  return in_write(tx, "events.emit", [&]() -> stoa_status {
    NewEvent fresh;
    fresh.type = view(event->type);
    if (fresh.type.rfind(tx->owner.id + ".", 0) != 0)
      return argument("emit: the type must begin with the plugin's id");
    fresh.subject = view(event->subject);
    for (std::size_t i = 0; i < event->channel_count; ++i)
      fresh.channels.emplace_back(view(event->channels[i]));
    fresh.data = view(event->data);
    auto written = tx->transaction.emit(fresh);
    if (!written) return failed(written.error());
    if (seq) *seq = *written;
    return STOA_OK;
  });
}

stoa_status redact(stoa_tx* tx, stoa_str subject) {
  return in_write(tx, "events.redact", [&] { return finish(tx->transaction.redact(view(subject))); });
}

stoa_status subscribe(stoa_ctx* ctx, const stoa_subscriber* subscriber) {
  return at_boundary("events.subscribe", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state("events.subscribe");
    SubscriberEntry entry;
    entry.durable = (subscriber->flags & STOA_SUBSCRIBE_DURABLE) != 0;
    entry.from_oldest = (subscriber->flags & STOA_SUBSCRIBE_FROM_OLDEST) != 0;
    entry.name = view(subscriber->name);
    if (entry.durable && entry.name.empty()) return argument("subscribe: a durable subscriber needs a name");
    for (std::size_t i = 0; i < subscriber->type_count; ++i)
      entry.types.emplace_back(view(subscriber->types[i]));
    if (entry.types.empty() || !subscriber->apply) return argument("subscribe: types and apply are required");
    entry.apply = subscriber->apply;
    entry.self = subscriber->self;
    ctx->contributions.subscribers.push_back(std::move(entry));
    return STOA_OK;
  });
}

stoa_status revoke(stoa_tx* tx, stoa_str channel, std::int64_t user_id) {
  return in_write(tx, "realtime.revoke", [&] {
    if (realtime::Hub* hub = tx->owner.host.hub) {
      tx->transaction.on_commit(
          [hub, name = std::string(view(channel)), user_id] { hub->revoke(name, user_id); });
    }
    return stoa_status{STOA_OK};
  });
}

bool provides_identity(const stoa_tx* tx) {
  return tx->owner.contributions.services.count("stoa.identity/1") > 0;
}

stoa_status end_session(stoa_tx* tx, stoa_str session_id) {
  return in_write(tx, "realtime.end_session", [&] {
    if (!provides_identity(tx)) return wrong_state("realtime.end_session");
    if (realtime::Hub* hub = tx->owner.host.hub) {
      tx->transaction.on_commit(
          [hub, session = std::string(view(session_id))] { hub->end_session(session); });
    }
    return stoa_status{STOA_OK};
  });
}

stoa_status recheck_user(stoa_tx* tx, std::int64_t user_id) {
  return in_write(tx, "realtime.recheck_user", [&] {
    if (!provides_identity(tx)) return wrong_state("realtime.recheck_user");
    if (realtime::Hub* hub = tx->owner.host.hub) {
      tx->transaction.on_commit([hub, user_id] { hub->recheck_user(user_id); });
    }
    return stoa_status{STOA_OK};
  });
}

stoa_status claim(stoa_ctx* ctx, const stoa_channel_claim* claim) {
  return at_boundary("realtime.claim", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state("realtime.claim");
    const std::string prefix(view(claim->prefix));
    if (prefix.empty() || prefix == "system" || prefix == "presence" || prefix == "user:") {
      return argument("claim: \"" + prefix + "\" cannot be claimed");
    }
    if (prefix.find(':') < prefix.size() - 1) return argument("claim: a colon only at the end of the prefix");
    if (!claim->authorize) return argument("claim: authorize is required");
    ctx->contributions.channels.push_back({prefix, claim->authorize, claim->operate, claim->self});
    return STOA_OK;
  });
}

bool owns_channel(const stoa_ctx* ctx, std::string_view channel) {
  for (const ChannelEntry& entry : ctx->contributions.channels) {
    const bool whole = entry.prefix.back() != ':';
    if (whole ? channel == entry.prefix : channel.substr(0, entry.prefix.size()) == entry.prefix) return true;
  }
  return false;
}

stoa_status ephemeral(stoa_ctx* ctx, stoa_str channel, stoa_str type, stoa_str data, stoa_str except) {
  return at_boundary("realtime.ephemeral", [&]() -> stoa_status {
    if (!owns_channel(ctx, view(channel))) return argument("ephemeral: not a channel of this plugin");
    if (ctx->host.hub) {
      ctx->host.hub->ephemeral(std::string(view(channel)), std::string(view(type)), std::string(view(data)),
                               std::string(view(except)));
    }
    return STOA_OK;
  });
}

stoa_presence presence(stoa_ctx* ctx, std::int64_t user_id) {
  if (!ctx->host.hub) return STOA_OFFLINE;
  switch (ctx->host.hub->presence(user_id)) {
    case realtime::Presence::offline: return STOA_OFFLINE;
    case realtime::Presence::away: return STOA_AWAY;
    case realtime::Presence::online: return STOA_ONLINE;
  }
  return STOA_OFFLINE;
}

}  // namespace

Result<void> apply_event(Generation& owner, const SubscriberEntry& entry, storage::Transaction* transaction,
                         const Event& event) {
  const stoa_event c{
      sizeof(stoa_event), 0, event.seq, event.time_ms, str(event.owner), str(event.type), str(event.subject),
      str(event.data)};
  clear_callback_error();
  stoa_status status = STOA_OK;
  if (transaction) {
    stoa_tx tx{owner, *transaction};
    status = entry.apply(entry.self, &tx, &c);
  } else {
    status = entry.apply(entry.self, nullptr, &c);
  }
  if (status == STOA_OK) return {};
  return take_callback_error(status);
}

const stoa_storage_v1* storage_table() {
  static const stoa_storage_v1 table = {sizeof table,    0,         &read,      &write,    &write_async,
                                        &exec,           &query,    &next,      &column,   &close,
                                        &last_insert_id, &log_head, &drop_tags, &on_commit};
  return &table;
}

const stoa_events_v1* events_table() {
  static const stoa_events_v1 table = {sizeof table, 0, &emit, &redact, &subscribe};
  return &table;
}

const stoa_realtime_v1* realtime_table() {
  static const stoa_realtime_v1 table = {sizeof table,  0,        &claim, &ephemeral, &revoke, &end_session,
                                         &recheck_user, &presence};
  return &table;
}

}  // namespace stoa::core::plugins
