#pragma once

#include "model.hpp"
#include "stoa/request.hpp"

namespace stoa::posts {

inline constexpr std::string_view kModerate = "posts.moderate";  // permissions
inline constexpr std::string_view kAdminister = "posts.admin";

// On routes that need a user.
inline Actor actor_of(const Request& request) {
  return {request.require_user().id, request.allowed(kModerate)};
}

}  // namespace stoa::posts
