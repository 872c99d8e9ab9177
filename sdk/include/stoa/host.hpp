// The host's tables as the wrapper keeps them, and errors across the boundary in both directions.
#pragma once

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/result.hpp"
#include "stoa/sizes.h"
#include "stoa/stoa.h"

namespace stoa::detail {

inline stoa_str str(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view view(stoa_str text) {
  return text.ptr ? std::string_view(text.ptr, text.len) : std::string_view();
}

inline void append_to_string(void* self, stoa_str bytes) {
  static_cast<std::string*>(self)->append(view(bytes));
}
inline stoa_sink sink_to(std::string& out) {
  return {&out, &append_to_string};
}

inline stoa_status to_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::malformed: return STOA_E_MALFORMED;
    case ErrorCode::unauthenticated: return STOA_E_UNAUTHENTICATED;
    case ErrorCode::invalid_credentials: return STOA_E_INVALID_CREDENTIALS;
    case ErrorCode::forbidden: return STOA_E_FORBIDDEN;
    case ErrorCode::not_found: return STOA_E_NOT_FOUND;
    case ErrorCode::conflict: return STOA_E_CONFLICT;
    case ErrorCode::precondition_failed: return STOA_E_PRECONDITION;
    case ErrorCode::too_large: return STOA_E_TOO_LARGE;
    case ErrorCode::unsupported_media: return STOA_E_UNSUPPORTED_MEDIA;
    case ErrorCode::validation: return STOA_E_VALIDATION;
    case ErrorCode::rate_limited: return STOA_E_RATE_LIMITED;
    case ErrorCode::overloaded: return STOA_E_OVERLOADED;
    case ErrorCode::timeout: return STOA_E_TIMEOUT;
    case ErrorCode::unavailable: return STOA_E_UNAVAILABLE;
    case ErrorCode::unsupported: return STOA_E_UNSUPPORTED;
    case ErrorCode::internal: return STOA_E_INTERNAL;
  }
  return STOA_E_INTERNAL;
}

inline ErrorCode to_code(stoa_status status) {
  switch (status) {
    case STOA_E_MALFORMED: return ErrorCode::malformed;
    case STOA_E_UNAUTHENTICATED: return ErrorCode::unauthenticated;
    case STOA_E_INVALID_CREDENTIALS: return ErrorCode::invalid_credentials;
    case STOA_E_FORBIDDEN: return ErrorCode::forbidden;
    case STOA_E_NOT_FOUND: return ErrorCode::not_found;
    case STOA_E_CONFLICT: return ErrorCode::conflict;
    case STOA_E_PRECONDITION: return ErrorCode::precondition_failed;
    case STOA_E_TOO_LARGE: return ErrorCode::too_large;
    case STOA_E_UNSUPPORTED_MEDIA: return ErrorCode::unsupported_media;
    case STOA_E_VALIDATION: return ErrorCode::validation;
    case STOA_E_RATE_LIMITED: return ErrorCode::rate_limited;
    case STOA_E_OVERLOADED: return ErrorCode::overloaded;
    case STOA_E_TIMEOUT: return ErrorCode::timeout;
    case STOA_E_UNAVAILABLE: return ErrorCode::unavailable;
    case STOA_E_UNSUPPORTED: return ErrorCode::unsupported;
    default: return ErrorCode::internal;
  }
}

inline Error from_c(const stoa_error& error) {
  Error out{to_code(error.status), std::string(view(error.message))};
  for (size_t i = 0; i < error.field_count; ++i) {
    const stoa_field_error& field = *error.fields[i];
    out.fields.push_back(
        {std::string(view(field.pointer)), std::string(view(field.code)), std::string(view(field.detail))});
  }
  out.retry_after_s = static_cast<int>(error.retry_after_s);
  out.current = view(error.current);
  return out;
}

// Calls `use(const stoa_error&)` with a C view of the error, valid during the call.
template <class F>
auto with_c(const Error& error, F&& use) {
  std::vector<stoa_field_error> fields;
  const auto add = [&](std::string_view pointer, std::string_view code, std::string_view detail) {
    fields.push_back({sizeof(stoa_field_error), 0, str(pointer), str(code), str(detail)});
  };
  if (!error.pointer.empty()) add(error.pointer, error.field_code, error.message);
  for (const FieldError& field : error.fields) add(field.pointer, field.code, field.detail);
  std::vector<const stoa_field_error*> pointers;
  for (const stoa_field_error& field : fields) pointers.push_back(&field);
  stoa_error out{};
  out.size = sizeof out;
  out.status = to_status(error.code);
  out.message = str(error.message);
  out.fields = pointers.data();
  out.field_count = pointers.size();
  out.retry_after_s = static_cast<uint32_t>(error.retry_after_s < 0 ? 0 : error.retry_after_s);
  out.current = str(error.current);
  return use(out);
}

// The tables of one generation, fetched once in create.
struct Host {
  const stoa_host* host = nullptr;
  stoa_ctx* ctx = nullptr;
  const stoa_log_v1* log = nullptr;
  const stoa_config_v1* config = nullptr;
  const stoa_routes_v1* routes = nullptr;
  const stoa_hooks_v1* hooks = nullptr;
  const stoa_storage_v1* storage = nullptr;
  const stoa_events_v1* events = nullptr;
  const stoa_realtime_v1* realtime = nullptr;
  const stoa_services_v1* services = nullptr;
  const stoa_clock_v1* clock = nullptr;
  const stoa_random_v1* random = nullptr;
  const stoa_permissions_v1* permissions = nullptr;
  const stoa_ui_v1* ui = nullptr;
  const stoa_commands_v1* commands = nullptr;
  const stoa_jobs_v1* jobs = nullptr;
  const stoa_metrics_v1* metrics = nullptr;

  // Asks for each table as it was at release 1.0, so that what is compiled with a later SDK loads in
  // every 1.x host. Throws std::runtime_error naming a table that this host does not have.
  void fetch() {
    fetch_one(log, STOA_LOG_ID, STOA_LOG_V1_SIZE_1_0);
    fetch_one(config, STOA_CONFIG_ID, STOA_CONFIG_V1_SIZE_1_0);
    fetch_one(routes, STOA_ROUTES_ID, STOA_ROUTES_V1_SIZE_1_0);
    fetch_one(hooks, STOA_HOOKS_ID, STOA_HOOKS_V1_SIZE_1_0);
    fetch_one(storage, STOA_STORAGE_ID, STOA_STORAGE_V1_SIZE_1_0);
    fetch_one(events, STOA_EVENTS_ID, STOA_EVENTS_V1_SIZE_1_0);
    fetch_one(realtime, STOA_REALTIME_ID, STOA_REALTIME_V1_SIZE_1_0);
    fetch_one(services, STOA_SERVICES_ID, STOA_SERVICES_V1_SIZE_1_0);
    fetch_one(clock, STOA_CLOCK_ID, STOA_CLOCK_V1_SIZE_1_0);
    fetch_one(random, STOA_RANDOM_ID, STOA_RANDOM_V1_SIZE_1_0);
    fetch_one(permissions, STOA_PERMISSIONS_ID, STOA_PERMISSIONS_V1_SIZE_1_0);
    fetch_one(ui, STOA_UI_ID, STOA_UI_V1_SIZE_1_0);
    fetch_one(commands, STOA_COMMANDS_ID, STOA_COMMANDS_V1_SIZE_1_0);
    fetch_one(jobs, STOA_JOBS_ID, STOA_JOBS_V1_SIZE_1_0);
    fetch_one(metrics, STOA_METRICS_ID, STOA_METRICS_V1_SIZE_1_0);
  }

  // Calls a function that came after release 1.0: STOA_E_UNSUPPORTED from a host whose table ends before it.
  // Its arguments are those after ctx.
  template <class Table, class... P, class... A>
  stoa_status call(const Table* table, stoa_status (*Table::*function)(stoa_ctx*, P...),
                   A&&... arguments) const {
    if (!has(table, function)) return STOA_E_UNSUPPORTED;
    return (table->*function)(ctx, std::forward<A>(arguments)...);
  }
  // The same with the details of a failure.
  template <class Table, class Function, class... A>
  Result<void> ask(const Table* table, Function Table::*function, A&&... arguments) const {
    if (!has(table, function)) return Error{ErrorCode::unsupported, "the host does not know this call"};
    return check(call(table, function, std::forward<A>(arguments)...));
  }
  template <class Table, class Function>
  static bool has(const Table* table, Function Table::*function) {
    const auto end =
        reinterpret_cast<const char*>(&(table->*function) + 1) - reinterpret_cast<const char*>(table);
    return table->size >= static_cast<std::uint32_t>(end) && table->*function;
  }

  // Details of the host call that just failed with `status` on this thread.
  Error error(stoa_status status) const {
    Error out{to_code(status), {}};
    host->last_error(ctx, &out, [](void* self, const stoa_error* error) {
      auto& target = *static_cast<Error*>(self);
      const ErrorCode code = target.code;
      target = from_c(*error);
      target.code = code;
    });
    return out;
  }
  Result<void> check(stoa_status status) const {
    if (status == STOA_OK) return {};
    return error(status);
  }
  // For registrations, which fail only by a programming error: throws.
  void require(stoa_status status) const {
    if (status != STOA_OK) throw std::runtime_error(error(status).message);
  }
  stoa_status fail(const Error& error) const {
    return with_c(error, [&](const stoa_error& c) {
      host->set_error(ctx, &c);
      return c.status;
    });
  }
  void log_exception(const char* where) const noexcept {
    std::string what = "unknown exception";
    try {
      throw;
    } catch (const std::exception& e) {
      what = e.what();
    } catch (...) {
    }
    const stoa_kv keys[] = {{str("where"), str(where)}, {str("what"), str(what)}};
    log->write(ctx, STOA_LOG_ERROR, str("An exception reached the plugin's boundary."), keys, 2);
  }

 private:
  template <class Table>
  void fetch_one(const Table*& table, std::string_view id, std::uint32_t size) {
    table = static_cast<const Table*>(host->get(ctx, str(id), size));
    if (!table) throw std::runtime_error("the host has no " + std::string(id) + " of the needed size");
  }
};

// Runs a callback's work; an error or exception becomes a status with its details set.
template <class F>
stoa_status contained(const Host& host, const char* where, F&& work) noexcept {
  try {
    const Result<void> done = work();
    return done ? STOA_OK : host.fail(done.error());
  } catch (...) {
    host.log_exception(where);
    return STOA_E_INTERNAL;
  }
}

}  // namespace stoa::detail
