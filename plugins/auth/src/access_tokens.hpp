// Access tokens: JWTs signed with HMAC-SHA-256. They say who and which session, never what somebody may do.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "stoa/id.hpp"

namespace stoa::auth {

struct Claims {
  UserId user;
  std::string sid;
  std::int64_t expires_at_s = 0;
};

// [any-thread]
class AccessTokens {
 public:
  // `key`: 32 bytes.
  explicit AccessTokens(std::string key);

  std::string issue(UserId user, std::string_view sid, std::int64_t now_ms, std::int64_t valid_s) const;

  // nullopt for everything but a token of this key that has not expired. In this order, so that nothing of a
  // stranger is parsed: size and three parts of strict base64url, the signature in constant time, the header
  // (alg HS256 and nothing critical), then cpp-jwt, then the claims.
  std::optional<Claims> verify(std::string_view token, std::int64_t now_ms) const;

  static constexpr std::size_t kMaxBytes = 4'096;
  static constexpr std::string_view kIssuer = "stoa";

 private:
  std::optional<Claims> verify_anew(std::string_view token) const;

  std::string key_;
  // What was verified lately, by a keyed hash of the token: a browser sends the same one for minutes.
  std::string cache_key_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, Claims> verified_;
};

}  // namespace stoa::auth
