// Strong identifiers: a PostId is not a UserId.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace stoa {

template <class Tag>
struct Id {
  std::int64_t value = 0;

  explicit operator bool() const { return value != 0; }
  friend bool operator==(Id a, Id b) { return a.value == b.value; }
  friend bool operator!=(Id a, Id b) { return a.value != b.value; }
  friend bool operator<(Id a, Id b) { return a.value < b.value; }
};

using UserId = Id<struct UserTag>;

}  // namespace stoa

template <class Tag>
struct std::hash<stoa::Id<Tag>> {
  std::size_t operator()(stoa::Id<Tag> id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
