// The promises of stoa.h that a plugin has to keep, and what happens when it does not: the call fails, the
// log names plugin and call, and it is counted. What costs little is always checked, the rest in checked
// mode.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "stoa/sizes.h"
#include "stoa/stoa.h"

namespace stoa::core::plugins {

// What plugins hold of requests, transactions and cursors are numbers, never addresses: one that is over is
// found out, whatever the memory holds by then.
using Handle = std::uint64_t;

// [any-thread] One that this process has not given out before.
Handle new_handle(const stoa_ctx& owner);
// [any-thread] A number for the handles of that plugin.
struct HostParts;
std::uint16_t number_of(const std::string& id, const HostParts& host);

template <class T>
T* as_pointer(Handle handle) {
  static_assert(sizeof(T*) == sizeof(Handle));
  return reinterpret_cast<T*>(handle);
}
template <class T>
Handle as_handle(const T* pointer) {
  return reinterpret_cast<Handle>(pointer);
}

// [any-thread] Each notes the broken promise, remembers it as the error of the call, and gives a status.
stoa_status broken(const stoa_ctx& who, stoa_status status, std::string_view call, std::string_view why);
inline stoa_status argument(const stoa_ctx& who, std::string_view call, std::string_view why) {
  return broken(who, STOA_E_ARGUMENT, call, why);
}
inline stoa_status wrong_state(const stoa_ctx& who, std::string_view call,
                               std::string_view why = "is not allowed in this state or on this thread") {
  return broken(who, STOA_E_WRONG_THREAD, call, why);
}
// Of whoever was given that handle.
stoa_status stale(Handle handle, std::string_view call);

// It is there, and at least as large as at release 1.0.
template <class T>
bool is_whole(const T* object, std::uint32_t first_size) {
  return object && object->size >= first_size;
}
bool is_whole(const stoa_error* error);  // with its fields

// [a-z][a-z0-9_]*, at most so long.
bool is_name(std::string_view text, std::size_t longest);
// In checked mode: all are UTF-8. Outside of it: true.
bool are_texts(const stoa_ctx& who, std::initializer_list<stoa_str> texts);
// In checked mode: it is JSON, strictly; an object where that is asked.
bool is_json(const stoa_ctx& who, stoa_str text, bool object);

}  // namespace stoa::core::plugins
