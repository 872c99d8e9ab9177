// The one-time link by which a new forum gets its first administrator.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "accounts.hpp"
#include "secrets.hpp"
#include "stoa/list.hpp"

namespace stoa::auth {

// [any-thread] Only the token's hash is kept.
class SetupLink {
 public:
  // A new token; the one before is worth nothing now.
  std::string renew(const Random& random) {
    const std::string token = detail::base64url(random(32));
    std::lock_guard lock(mutex_);
    hash_ = token_hash(token);
    return token;
  }
  bool fits(std::string_view token) const {
    const std::string hash = token_hash(token);
    std::lock_guard lock(mutex_);
    return !hash_.empty() && same_secret(hash_, hash);
  }
  void use_up() {
    std::lock_guard lock(mutex_);
    hash_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::string hash_;
};

}  // namespace stoa::auth
