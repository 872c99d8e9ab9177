// Whose tables a statement may reach.
#pragma once

#include <string>
#include <string_view>

namespace stoa::core::storage {

struct Owner {
  std::string name;    // "posts"
  std::string prefix;  // "posts_"; a hyphen in the name is an underscore here

  explicit Owner(std::string_view owner_name);
  // Lower-case letters, digits, hyphens and underscores, beginning with a letter, at most 64.
  static bool valid(std::string_view name);
  // Whether a table, index, view or trigger of that name is this owner's. Ignores case, as SQLite does.
  bool owns(std::string_view object) const;
};

}  // namespace stoa::core::storage
