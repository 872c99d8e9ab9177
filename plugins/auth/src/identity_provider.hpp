// stoa.identity/1 over the directory.
#pragma once

#include "access_tokens.hpp"
#include "accounts.hpp"
#include "directory.hpp"
#include "stoa/services/identity.h"

namespace stoa::auth {

// [any-thread] Answers nobody until tokens are set, which happens at the start.
class IdentityProvider {
 public:
  IdentityProvider(const Directory& directory, Clock clock);
  void set_tokens(const AccessTokens* tokens) { tokens_ = tokens; }
  const stoa_identity_v1& table() const { return table_; }

 private:
  static stoa_status authenticate(void* self, stoa_str token, void* out,
                                  void (*accept)(void*, const stoa_principal*)) noexcept;
  static stoa_status lookup(void* self, const std::int64_t* ids, std::size_t count, void* out,
                            stoa_accept_profile accept) noexcept;
  static stoa_status find(void* self, const stoa_str* nicknames, std::size_t count, void* out,
                          stoa_accept_profile accept) noexcept;
  static stoa_status list(void* self, stoa_str after, std::size_t limit, void* out,
                          stoa_accept_profile accept) noexcept;

  const Directory& directory_;
  Clock clock_;
  std::atomic<const AccessTokens*> tokens_{nullptr};
  stoa_identity_v1 table_{};
};

}  // namespace stoa::auth
