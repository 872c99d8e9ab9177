#include <cstring>
#include <map>
#include <string>

#include "plugins/request.hpp"
#include "plugins/tables.hpp"
#include "validate/arguments.hpp"
#include "validate/watch.hpp"
#include "validate/watched.hpp"

namespace stoa::core::validate {

namespace {

using stoa::detail::view;

// ---- Those that need more

// A closure whose transaction may be used while it runs, on its thread.
struct Closure {
  stoa_tx_fn fn;
  void* self;
  void (*done)(void*, stoa_status) = nullptr;

  static stoa_status run(void* opaque, stoa_tx* tx) {
    const auto& closure = *static_cast<Closure*>(opaque);
    Watch::active()->open(tx, true);
    const stoa_status status = closure.fn(closure.self, tx);
    Watch::active()->close(tx);
    return status;
  }
  static void finish(void* opaque, stoa_status status) {
    auto* closure = static_cast<Closure*>(opaque);
    closure->done(closure->self, status);
    delete closure;
  }
};

template <auto Slot>
stoa_status transact(stoa_ctx* ctx, stoa_tx_fn fn, void* self) {
  Closure closure{fn, self};
  return Watched<Slot>::call(ctx, &Closure::run, &closure);
}
stoa_status write_async(stoa_ctx* ctx, stoa_tx_fn fn, void* self, void (*done)(void*, stoa_status)) {
  auto* closure = new Closure{fn, self, done};
  const stoa_status status =
      Watched<&stoa_storage_v1::write_async>::call(ctx, &Closure::run, closure, &Closure::finish);
  if (status != STOA_OK) delete closure;
  return status;
}

stoa_status query(stoa_tx* tx, stoa_str sql, const stoa_value* values, std::size_t count,
                  const stoa_type* types, std::size_t columns, stoa_cursor** cursor) {
  const stoa_status status =
      Watched<&stoa_storage_v1::query>::call(tx, sql, values, count, types, columns, cursor);
  if (status == STOA_OK) Watch::active()->open(*cursor, true);
  return status;
}
void close_cursor(stoa_cursor* cursor) {
  Watched<&stoa_storage_v1::close>::call(cursor);
  Watch::active()->close(cursor);
}

void write_log(stoa_ctx* ctx, stoa_log_level level, stoa_str message, const stoa_kv* keys,
               std::size_t count) {
  Watched<&stoa_log_v1::write>::call(ctx, level, message, keys, count);
  std::string line(view(message));
  for (std::size_t i = 0; i < count; ++i) {
    Watch::active()->text("log.write", keys[i].value);
    line += ' ' + std::string(view(keys[i].key)) + '=' + std::string(view(keys[i].value));
  }
  if (level == STOA_LOG_ERROR) Watch::active()->logged(std::move(line));
}

// ---- The tables

stoa_log_v1 make_log() {
  using Table = stoa_log_v1;
  const Table* real = plugins::log_table();
  Table out = *real;
  STOA_WATCH("log", write);
  STOA_WATCH("log", announce);
  out.write = &write_log;
  return out;
}
stoa_config_v1 make_config() {
  using Table = stoa_config_v1;
  const Table* real = plugins::config_table();
  Table out = *real;
  STOA_WATCH("config", settings);
  STOA_WATCH("config", host_value);
  return out;
}
stoa_routes_v1 make_routes() {
  using Table = stoa_routes_v1;
  const Table* real = plugins::routes_table();
  Table out = *real;
  STOA_WATCH("routes", add);
  STOA_WATCH("routes", method);
  STOA_WATCH("routes", path);
  STOA_WATCH("routes", param);
  STOA_WATCH("routes", query);
  STOA_WATCH("routes", header);
  STOA_WATCH("routes", cookie);
  STOA_WATCH("routes", body);
  STOA_WATCH("routes", peer);
  STOA_WATCH("routes", request_id);
  STOA_WATCH("routes", user);
  STOA_WATCH("routes", respond);
  STOA_WATCH("routes", fail);
  STOA_WATCH("routes", defer);
  STOA_WATCH("routes", complete);
  STOA_WATCH("routes", complete_error);
  STOA_WATCH("routes", allowed);
  return out;
}
stoa_hooks_v1 make_hooks() {
  using Table = stoa_hooks_v1;
  const Table* real = plugins::hooks_table();
  Table out = *real;
  STOA_WATCH("hooks", define);
  STOA_WATCH("hooks", filter);
  STOA_WATCH("hooks", fire);
  return out;
}
stoa_storage_v1 make_storage() {
  using Table = stoa_storage_v1;
  const Table* real = plugins::storage_table();
  Table out = *real;
  STOA_WATCH("storage", read);
  STOA_WATCH("storage", write);
  STOA_WATCH("storage", write_async);
  STOA_WATCH("storage", exec);
  STOA_WATCH("storage", query);
  STOA_WATCH("storage", next);
  STOA_WATCH("storage", close);
  STOA_WATCH("storage", last_insert_id);
  STOA_WATCH("storage", log_head);
  STOA_WATCH("storage", drop_tags);
  STOA_WATCH("storage", on_commit);
  out.read = &transact<&Table::read>;
  out.write = &transact<&Table::write>;
  out.write_async = &write_async;
  out.query = &query;
  out.close = &close_cursor;
  return out;
}
stoa_events_v1 make_events() {
  using Table = stoa_events_v1;
  const Table* real = plugins::events_table();
  Table out = *real;
  STOA_WATCH("events", emit);
  STOA_WATCH("events", redact);
  STOA_WATCH("events", subscribe);
  return out;
}
stoa_realtime_v1 make_realtime() {
  using Table = stoa_realtime_v1;
  const Table* real = plugins::realtime_table();
  Table out = *real;
  STOA_WATCH("realtime", claim);
  STOA_WATCH("realtime", ephemeral);
  STOA_WATCH("realtime", revoke);
  STOA_WATCH("realtime", end_session);
  STOA_WATCH("realtime", recheck_user);
  STOA_WATCH("realtime", presence);
  return out;
}
stoa_services_v1 make_services() {
  using Table = stoa_services_v1;
  const Table* real = plugins::services_table();
  Table out = *real;
  STOA_WATCH("services", provide);
  STOA_WATCH("services", acquire);
  STOA_WATCH("services", release);
  STOA_WATCH("services", watch);
  return out;
}
stoa_clock_v1 make_clock() {
  using Table = stoa_clock_v1;
  const Table* real = plugins::clock_table();
  Table out = *real;
  STOA_WATCH("clock", now_ms);
  STOA_WATCH("clock", monotonic_ms);
  return out;
}
stoa_random_v1 make_random() {
  using Table = stoa_random_v1;
  const Table* real = plugins::random_table();
  Table out = *real;
  STOA_WATCH("random", bytes);
  return out;
}
stoa_permissions_v1 make_permissions() {
  using Table = stoa_permissions_v1;
  const Table* real = plugins::permissions_table();
  Table out = *real;
  STOA_WATCH("permissions", declare);
  STOA_WATCH("permissions", check);
  return out;
}
stoa_ui_v1 make_ui() {
  using Table = stoa_ui_v1;
  const Table* real = plugins::ui_table();
  Table out = *real;
  STOA_WATCH("ui", page);
  STOA_WATCH("ui", render);
  return out;
}
stoa_commands_v1 make_commands() {
  using Table = stoa_commands_v1;
  const Table* real = plugins::commands_table();
  Table out = *real;
  STOA_WATCH("commands", add);
  return out;
}
stoa_metrics_v1 make_metrics() {
  using Table = stoa_metrics_v1;
  const Table* real = plugins::metrics_table();
  Table out = *real;
  STOA_WATCH("metrics", define);
  STOA_WATCH("metrics", record);
  STOA_WATCH("metrics", set);
  return out;
}

// The transaction of a durable subscriber.
struct Subscription {
  stoa_status (*apply)(void* self, stoa_tx* tx, const stoa_event* event);
  void* self;

  static stoa_status run(void* opaque, stoa_tx* tx, const stoa_event* event) {
    const auto& subscription = *static_cast<Subscription*>(opaque);
    if (tx) Watch::active()->open(tx, true);
    const stoa_status status = subscription.apply(subscription.self, tx, event);
    if (tx) Watch::active()->close(tx);
    return status;
  }
};

}  // namespace

const void* watched_table(std::string_view id, std::uint32_t& size) {
  static const stoa_log_v1 log = make_log();
  static const stoa_config_v1 config = make_config();
  static const stoa_routes_v1 routes = make_routes();
  static const stoa_hooks_v1 hooks = make_hooks();
  static const stoa_storage_v1 storage = make_storage();
  static const stoa_events_v1 events = make_events();
  static const stoa_realtime_v1 realtime = make_realtime();
  static const stoa_services_v1 services = make_services();
  static const stoa_clock_v1 clock = make_clock();
  static const stoa_random_v1 random = make_random();
  static const stoa_permissions_v1 permissions = make_permissions();
  static const stoa_ui_v1 ui = make_ui();
  static const stoa_commands_v1 commands = make_commands();
  static const stoa_metrics_v1 metrics = make_metrics();
  static const std::map<std::string_view, const void*> all = {
      {STOA_LOG_ID, &log},
      {STOA_CONFIG_ID, &config},
      {STOA_ROUTES_ID, &routes},
      {STOA_HOOKS_ID, &hooks},
      {STOA_STORAGE_ID, &storage},
      {STOA_EVENTS_ID, &events},
      {STOA_REALTIME_ID, &realtime},
      {STOA_SERVICES_ID, &services},
      {STOA_CLOCK_ID, &clock},
      {STOA_RANDOM_ID, &random},
      {STOA_UI_ID, &ui},
      {STOA_PERMISSIONS_ID, &permissions},
      {STOA_COMMANDS_ID, &commands},
      {STOA_JOBS_ID, watched_jobs()},
      {STOA_METRICS_ID, &metrics},
  };
  const auto found = all.find(id);
  if (found == all.end()) return nullptr;
  std::memcpy(&size, found->second, sizeof size);
  return found->second;
}

void watch_subscribers(plugins::Generation& generation) {
  for (plugins::SubscriberEntry& entry : generation.contributions.subscribers) {
    // As long as the process: a subscriber is called by threads of the host.
    entry.self = new Subscription{entry.apply, entry.self};
    entry.apply = &Subscription::run;
  }
}

}  // namespace stoa::core::validate
