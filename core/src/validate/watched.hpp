// One function of a table, watched: its handle is looked at, its arguments, what it gives; it may be made to
// fail. For the files that make the watched tables.
#pragma once

#include <type_traits>

#include "plugins/boundary.hpp"
#include "validate/arguments.hpp"
#include "validate/watch.hpp"

namespace stoa::core::validate {

inline constexpr stoa_status kInjected = STOA_E_UNAVAILABLE;

// ---- Handles, by the type of a first argument

inline bool usable(Watch& watch, const char* call, stoa_ctx* ctx) {
  return watch.valid(call, static_cast<const stoa_ctx*>(ctx));
}
template <class T>
bool usable(Watch& watch, const char* call, const T* handle) {
  return watch.valid(call, static_cast<const void*>(handle));
}

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

#define STOA_WATCH(table, slot) watch_slot<&Table::slot>(out, real, table "." #slot)

// [any-thread] watched_jobs.cpp
const stoa_jobs_v1* watched_jobs();

}  // namespace stoa::core::validate
