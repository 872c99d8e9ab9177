// One function of a table, watched: its handle, its arguments and what it gives.
#pragma once

#include <string>
#include <type_traits>

#include "plugins/boundary.hpp"
#include "stoa/json.hpp"
#include "validate/watch.hpp"

namespace stoa::core::validate {

constexpr stoa_status kInjected = STOA_E_UNAVAILABLE;

// ---- What may be wrong with an argument

template <class T>
void look(Watch&, const char*, const T&) {}

inline void look(Watch& watch, const char* call, stoa_str text) {
  watch.text(call, text);
}

template <class T>
bool sized(Watch& watch, const char* call, const T* given, const char* name) {
  if (!given)
    watch.fault(std::string(call) + " was given no " + name);
  else if (given->size < sizeof(std::uint32_t) * 2)
    watch.fault(std::string(call) + " was given a " + name + " of size " + std::to_string(given->size));
  return given != nullptr;
}

inline void look_at_json(Watch& watch, const char* call, stoa_str text) {
  watch.text(call, text);
  if (!parse_json(stoa::detail::view(text)))
    watch.fault(std::string(call) + " was given text that is not JSON");
}

inline void look(Watch& watch, const char* call, const stoa_response* response) {
  if (!sized(watch, call, response, "stoa_response")) return;
  if (response->status < 200 || response->status > 599)
    watch.fault(std::string(call) + " was given the status " + std::to_string(response->status));
  const std::string_view type = stoa::detail::view(response->content_type);
  const bool json = type.empty() || type.find("json") != std::string_view::npos;
  if (json && response->body.len > 0)
    look_at_json(watch, call, response->body);
  else if (type.substr(0, 5) == "text/")
    watch.text(call, response->body);
  for (std::size_t i = 0; i < response->tag_count; ++i) watch.text(call, response->tags[i]);
}
inline void look(Watch& watch, const char* call, const stoa_error* error) {
  if (sized(watch, call, error, "stoa_error")) watch.text(call, error->message);
}
inline void look(Watch& watch, const char* call, const stoa_new_event* event) {
  if (!sized(watch, call, event, "stoa_new_event")) return;
  look_at_json(watch, call, event->data);
  for (const stoa_str text : {event->type, event->subject}) watch.text(call, text);
}
inline void look(Watch& watch, const char* call, const stoa_page_content* page) {
  if (!sized(watch, call, page, "stoa_page_content")) return;
  for (const stoa_str text : {page->title, page->description, page->html}) watch.text(call, text);
  if (page->payload.len > 0) look_at_json(watch, call, page->payload);
}
inline void look(Watch& watch, const char* call, const stoa_route* route) {
  sized(watch, call, route, "stoa_route");
}
inline void look(Watch& watch, const char* call, const stoa_filter* filter) {
  sized(watch, call, filter, "stoa_filter");
}
inline void look(Watch& watch, const char* call, const stoa_subscriber* subscriber) {
  sized(watch, call, subscriber, "stoa_subscriber");
}
inline void look(Watch& watch, const char* call, const stoa_channel_claim* claim) {
  sized(watch, call, claim, "stoa_channel_claim");
}
inline void look(Watch& watch, const char* call, const stoa_page* page) {
  sized(watch, call, page, "stoa_page");
}
inline void look(Watch& watch, const char* call, const stoa_command* command) {
  sized(watch, call, command, "stoa_command");
}
inline void look(Watch& watch, const char* call, const stoa_queue* queue) {
  sized(watch, call, queue, "stoa_queue");
}
inline void look(Watch& watch, const char* call, const stoa_metric_desc* desc) {
  sized(watch, call, desc, "stoa_metric_desc");
}

// ---- Handles, by the type of a first argument

inline bool usable(Watch& watch, const char* call, stoa_ctx* ctx) {
  return watch.valid(call, static_cast<const stoa_ctx*>(ctx));
}
template <class T>
bool usable(Watch& watch, const char* call, const T* handle) {
  return watch.valid(call, static_cast<const void*>(handle));
}

// ---- One function of a table, watched

// In C a status is an int, and so is yes or no.
template <auto Slot>
inline constexpr bool kSaysYesOrNo = false;
template <>
inline constexpr bool kSaysYesOrNo<&stoa_routes_v1::allowed> = true;
template <>
inline constexpr bool kSaysYesOrNo<&stoa_jobs_v1::stopping> = true;

template <auto Slot>
struct Watched;
template <class Table, class R, class First, class... A, R (*Table::*Slot)(First, A...)>
struct Watched<Slot> {
  static inline const Table* real = nullptr;
  static inline const char* name = "";

  static R call(First first, A... a) {
    Watch& watch = *Watch::active();
    if constexpr (std::is_same_v<R, stoa_status> && !kSaysYesOrNo<Slot>) {
      if (!usable(watch, name, first)) return STOA_E_STALE;
      (look(watch, name, a), ...);
      if (watch.fails(name)) {
        plugins::remember_error({ErrorCode::unavailable, "This call was made to fail."});
        return kInjected;
      }
      const stoa_status status = (real->*Slot)(first, a...);
      watch.returned(name, status);
      return status;
    } else if constexpr (std::is_void_v<R>) {
      if (!usable(watch, name, first)) return;
      (look(watch, name, a), ...);
      (real->*Slot)(first, a...);
    } else {
      if (!usable(watch, name, first)) return R{};
      (look(watch, name, a), ...);
      return (real->*Slot)(first, a...);
    }
  }
};

template <auto Slot, class Table>
void watch_slot(Table& table, const Table* real, const char* name) {
  Watched<Slot>::real = real;
  Watched<Slot>::name = name;
  table.*Slot = &Watched<Slot>::call;
}

}  // namespace stoa::core::validate
