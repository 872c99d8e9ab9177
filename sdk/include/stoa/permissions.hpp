// Whether somebody holds a permission, outside of requests; in one, ask Request::allowed.
#pragma once

#include <optional>
#include <string_view>

#include "stoa/host.hpp"
#include "stoa/request.hpp"

namespace stoa {

// [any-thread]
class Permissions {
 public:
  explicit Permissions(const detail::Host& host) : host_(host) {}

  // Errors: unauthenticated (nobody), forbidden (also when nobody declared that permission).
  Result<void> held_by(const std::optional<User>& user, std::string_view permission) const {
    stoa_principal c{};
    if (user) {
      c.size = sizeof c;
      c.role = static_cast<stoa_role>(user->role);
      c.user_id = user->id.value;
      c.nickname = detail::str(user->nickname);
      c.session_id = detail::str(user->session);
    }
    return host_.check(host_.permissions->check(host_.ctx, user ? &c : nullptr, detail::str(permission)));
  }

 private:
  const detail::Host& host_;
};

}  // namespace stoa
