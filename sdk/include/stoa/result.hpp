// Expected failures as values. Part of the C++ wrapper: compiled into each side, never crosses the C
// boundary.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace stoa {

// What went wrong, in the terms of the domain. Knows no HTTP: the host maps it to a problem document once.
enum class ErrorCode {
  malformed,            // the input cannot be read at all
  unauthenticated,      // nobody is logged in
  invalid_credentials,  // a login that did not succeed, whatever the cause
  forbidden,            // known, but not allowed
  not_found,            // does not exist, or must not be known to exist
  conflict,             // contradicts the present state
  precondition_failed,  // a stale revision
  too_large,            // beyond a size limit
  unsupported_media,    // a content type nobody here reads
  validation,           // readable, but against the rules; see Error::fields
  rate_limited,         // too often; see Error::retry_after_s
  overloaded,           // a queue is full; try again later
  timeout,              // not done within its deadline
  unavailable,          // a needed part (storage, a service) is not there now
  unsupported,          // the other side is older than this call
  internal,             // a bug or a broken machine
};

// One field of the input and what is wrong with it.
struct FieldError {
  std::string pointer;  // RFC 6901, as "/nickname"; empty for the whole body
  std::string code;     // stable, snake_case: "required", "too_short", "taken", …
  std::string detail;   // a sentence for people
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message = {};             // a sentence for people; never internal text, paths or names
  std::string pointer = {};             // RFC 6901 pointer of the culprit where there is exactly one
  std::string field_code = {};          // the stable code that goes with `pointer`
  int retry_after_s = 0;                // seconds; only with rate_limited and overloaded
  std::vector<FieldError> fields = {};  // where there are several culprits
  std::string current = {};             // with precondition_failed: the present resource as JSON
};

// A value, or the Error that stood in its way.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool has_value() const { return state_.index() == 0; }

  T& value() & { return checked(); }
  const T& value() const& { return const_cast<Result*>(this)->checked(); }
  T&& value() && { return std::move(checked()); }
  T& operator*() & { return checked(); }
  const T& operator*() const& { return const_cast<Result*>(this)->checked(); }
  T&& operator*() && { return std::move(checked()); }
  T* operator->() { return &checked(); }
  const T* operator->() const { return &const_cast<Result*>(this)->checked(); }

  // Requires !has_value().
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  T& checked() {
    if (auto* error = std::get_if<1>(&state_))
      throw std::logic_error("value of a failed Result: " + error->message);
    return *std::get_if<0>(&state_);
  }
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }
  bool has_value() const { return !error_; }
  // Requires !has_value().
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace stoa
