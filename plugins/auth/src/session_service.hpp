// Sessions: opened by a login, carried on by refresh tokens, ended by logout, revocation or time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access_tokens.hpp"
#include "accounts.hpp"
#include "directory.hpp"
#include "session_repository.hpp"
#include "settings.hpp"
#include "stoa/storage.hpp"

namespace stoa::auth {

// The two keys of <data_dir>/keys.
struct Keys {
  Keys(std::string access_key, std::string refresh_key)
      : access(std::move(access_key)), refresh(std::move(refresh_key)) {}
  AccessTokens access;
  std::string refresh;
};

class SessionService {
 public:
  // How long a refresh token that was exchanged still gives its successor: two tabs, or an answer that was
  // lost on its way.
  static constexpr std::int64_t kGraceMs = 30'000;

  SessionService(Storage storage, Directory& directory, const SettingsBox& settings, Clock clock,
                 Random random);

  // [lifecycle] Reads the keys and everybody into memory. Before that nothing else may be called.
  Result<void> start(const std::string& key_directory);
  const AccessTokens& access_tokens() const { return keys_->access; }

  // In a write closure.
  Result<SignedIn> open(Tx& tx, const Account& account, const Caller& caller);
  Result<void> end(Tx& tx, const sessions::Ended& session);
  // `except_sid`: empty for none.
  Result<void> end_all(Tx& tx, UserId user, std::string_view except_sid);

  // Errors: unauthenticated. A token that was exchanged longer than the grace ago ends its session.
  Result<SignedIn> refresh(std::string_view token, const Caller& caller);
  Result<void> logout(std::string_view sid);
  // Error: unauthenticated, for a token that is not a session's present or last one.
  Result<void> logout_by_refresh_token(std::string_view token);

  Result<std::vector<SessionRow>> list(UserId user);
  // Error: not_found, also for the session of somebody else.
  Result<void> revoke(UserId user, SessionId session);
  Result<void> revoke_others(UserId user, std::string_view sid);

  // [any-thread] Everybody and every session anew from storage. After an upgrade the generation before may
  // have changed them while this one was starting.
  Result<void> reload();
  // [any-thread] Stores when sessions were used last, and ends what has expired.
  Result<void> keep_house();

 private:
  Result<SignedIn> signed_in(const Account& account, std::string_view sid, std::string refresh_token) const;

  Storage storage_;
  Directory& directory_;
  const SettingsBox& settings_;
  Clock clock_;
  Random random_;
  std::unique_ptr<Keys> keys_;
};

}  // namespace stoa::auth
