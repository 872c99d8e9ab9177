#include "plugins/generation.hpp"

#include <map>
#include <optional>
#include <string_view>

#include "plugins/boundary.hpp"
#include "plugins/contract.hpp"
#include "plugins/tables.hpp"

namespace stoa::core::plugins {

namespace {

thread_local Error host_error;
thread_local std::optional<Error> callback_error;

const void* get(stoa_ctx*, stoa_str id, std::uint32_t min_size) {
  struct Entry {
    const void* table;
    std::uint32_t size;
  };
  static const std::map<std::string_view, Entry> tables = {
      {STOA_LOG_ID, {log_table(), sizeof(stoa_log_v1)}},
      {STOA_CONFIG_ID, {config_table(), sizeof(stoa_config_v1)}},
      {STOA_ROUTES_ID, {routes_table(), sizeof(stoa_routes_v1)}},
      {STOA_HOOKS_ID, {hooks_table(), sizeof(stoa_hooks_v1)}},
      {STOA_STORAGE_ID, {storage_table(), sizeof(stoa_storage_v1)}},
      {STOA_EVENTS_ID, {events_table(), sizeof(stoa_events_v1)}},
      {STOA_REALTIME_ID, {realtime_table(), sizeof(stoa_realtime_v1)}},
      {STOA_SERVICES_ID, {services_table(), sizeof(stoa_services_v1)}},
      {STOA_CLOCK_ID, {clock_table(), sizeof(stoa_clock_v1)}},
      {STOA_RANDOM_ID, {random_table(), sizeof(stoa_random_v1)}},
      {STOA_PERMISSIONS_ID, {permissions_table(), sizeof(stoa_permissions_v1)}},
      {STOA_UI_ID, {ui_table(), sizeof(stoa_ui_v1)}},
      {STOA_COMMANDS_ID, {commands_table(), sizeof(stoa_commands_v1)}},
      {STOA_JOBS_ID, {jobs_table(), sizeof(stoa_jobs_v1)}},
      {STOA_METRICS_ID, {metrics_table(), sizeof(stoa_metrics_v1)}},
  };
  const auto entry = tables.find(view(id));
  return entry == tables.end() || entry->second.size < min_size ? nullptr : entry->second.table;
}

void set_error(stoa_ctx* ctx, const stoa_error* error) {
  if (!is_whole(error)) return (void)argument(*ctx, "host.set_error", "the error is missing or too small");
  callback_error = stoa::detail::from_c(*error);
}

void last_error(stoa_ctx*, void* self, void (*accept)(void*, const stoa_error*)) {
  stoa::detail::with_c(host_error, [&](const stoa_error& c) { accept(self, &c); });
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::discovered: return "DISCOVERED";
    case State::verified: return "VERIFIED";
    case State::resolved: return "RESOLVED";
    case State::loaded: return "LOADED";
    case State::created: return "CREATED";
    case State::migrated: return "MIGRATED";
    case State::started: return "STARTED";
    case State::active: return "ACTIVE";
    case State::draining: return "DRAINING";
    case State::stopped: return "STOPPED";
    case State::retired: return "RETIRED";
    case State::failed: return "FAILED";
    case State::quarantined: return "QUARANTINED";
    case State::wedged: return "WEDGED";
    case State::disabled: return "DISABLED";
  }
  return "FAILED";
}

void remember_error(Error error) {
  host_error = std::move(error);
}

stoa_status failed(Error error) {
  const stoa_status status = stoa::detail::to_status(error.code);
  host_error = std::move(error);
  return status;
}

void clear_callback_error() {
  callback_error.reset();
}

Error take_callback_error(stoa_status status) {
  Error error{stoa::detail::to_code(status)};
  if (callback_error) {
    const ErrorCode code = error.code;
    error = std::move(*callback_error);
    error.code = code;
    callback_error.reset();
  }
  return error;
}

Error take_callback_error_as_set(Error otherwise) {
  if (!callback_error) return otherwise;
  Error error = std::move(*callback_error);
  callback_error.reset();
  return error;
}

const stoa_host* host_table() {
  static const stoa_host host = {sizeof(stoa_host), STOA_ABI_MAJOR, STOA_SDK_VERSION, 0, &get,
                                 &set_error,        &last_error};
  return &host;
}

}  // namespace stoa::core::plugins
