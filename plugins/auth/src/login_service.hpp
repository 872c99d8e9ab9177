// Who gives a password, and whether it is right; and how passwords change.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts.hpp"
#include "login_throttle.hpp"
#include "session_service.hpp"
#include "settings.hpp"
#include "stoa/storage.hpp"

namespace stoa::auth {

// What a login found out before its password is checked.
struct LoginAttempt {
  std::string login;  // folded
  std::optional<Credentials> credentials;
};

// Those marked [pool] hash passwords, which takes long: only on the PasswordPool.
class LoginService {
 public:
  LoginService(Storage storage, SessionService& sessions, const SettingsBox& settings,
               LoginThrottle& throttle, Clock clock, Clock monotonic, std::function<bool()> limits_enabled);

  // Error: rate_limited.
  Result<LoginAttempt> begin_login(std::string_view login, const Caller& caller);
  // [pool] Error: invalid_credentials, whatever the cause.
  Result<SignedIn> finish_login(const LoginAttempt& attempt, std::string_view password, const Caller& caller);

  // What is wrong with a new password of that account, if anything; `pointer` is left to the caller.
  std::optional<FieldError> password_faults(const Account& account, std::string_view password) const;
  // Counts somebody who is logged in and gives the password again. Error: rate_limited.
  Result<void> begin_password_change(UserId user);
  // [pool] Ends the other sessions. Error: validation, for a wrong current password.
  Result<void> finish_password_change(UserId user, std::string_view sid, std::string_view current,
                                      std::string_view next);
  // [pool] By an operator: ends all sessions. Errors: not_found, validation.
  Result<void> reset_password(std::string_view nickname, std::string_view next);

 private:
  ThrottleLimits limits() const;

  Storage storage_;
  SessionService& sessions_;
  const SettingsBox& settings_;
  LoginThrottle& throttle_;
  Clock clock_;
  Clock monotonic_;
  std::function<bool()> limits_enabled_;
};

}  // namespace stoa::auth
