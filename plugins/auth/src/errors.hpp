// Errors that several services give.
#pragma once

#include <utility>

#include "stoa/result.hpp"

namespace stoa::auth {

// `fields` are still to be added.
inline Error invalid_fields() {
  return {ErrorCode::validation, "Some fields are not as they should be."};
}

inline Error invalid_field(FieldError field) {
  Error error = invalid_fields();
  error.fields.push_back(std::move(field));
  return error;
}

inline Error no_such_user() {
  return {ErrorCode::not_found, "There is no such user."};
}

}  // namespace stoa::auth
