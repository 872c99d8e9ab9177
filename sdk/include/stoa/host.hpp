// The host's tables as the wrapper keeps them, and errors across the boundary in both directions.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "stoa/result.hpp"
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

  // Throws std::runtime_error naming a table that this host does not have.
  void fetch() {
    fetch_one(log, STOA_LOG_ID);
    fetch_one(config, STOA_CONFIG_ID);
    fetch_one(routes, STOA_ROUTES_ID);
    fetch_one(hooks, STOA_HOOKS_ID);
    fetch_one(storage, STOA_STORAGE_ID);
    fetch_one(events, STOA_EVENTS_ID);
    fetch_one(realtime, STOA_REALTIME_ID);
    fetch_one(services, STOA_SERVICES_ID);
    fetch_one(clock, STOA_CLOCK_ID);
    fetch_one(random, STOA_RANDOM_ID);
    fetch_one(permissions, STOA_PERMISSIONS_ID);
    fetch_one(ui, STOA_UI_ID);
    fetch_one(commands, STOA_COMMANDS_ID);
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
  void fetch_one(const Table*& table, std::string_view id) {
    table = static_cast<const Table*>(host->get(ctx, str(id), sizeof(Table)));
    if (!table) throw std::runtime_error("the host has no " + std::string(id) + " of the needed size");
  }
};

}  // namespace stoa::detail
