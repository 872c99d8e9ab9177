// What repositories do with the result of a statement.
#pragma once

#include <optional>
#include <tuple>
#include <utility>

#include "stoa/storage.hpp"

namespace stoa::posts {

// The number of changed rows does not matter.
inline Result<void> done(const Result<std::int64_t>& changed) {
  if (!changed) return changed.error();
  return {};
}

// The one column of the first row.
template <class T>
Result<std::optional<T>> only(Rows<T>&& rows) {
  auto row = rows.first();
  if (!row) return row.error();
  if (!*row) return std::optional<T>();
  return std::optional<T>(std::move(std::get<0>(**row)));
}

// The one column of a row that there must be.
template <class T>
Result<T> exactly(Rows<T>&& rows) {
  auto value = only(std::move(rows));
  if (!value) return value.error();
  if (!*value) return Error{ErrorCode::internal, "A statement gave no row."};
  return std::move(**value);
}

}  // namespace stoa::posts
