// When somebody's name or picture changes, what shows it is rendered anew.
#pragma once

#include "stoa/stoa.hpp"

namespace stoa::posts {

inline constexpr std::string_view kUserUpdated = "auth.user.updated";

// [writer] Of an event with the public profile as data.
Result<void> forget_user(Tx& tx, const Event& event);

}  // namespace stoa::posts
