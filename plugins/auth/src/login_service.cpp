#include "login_service.hpp"

#include "errors.hpp"
#include "names.hpp"
#include "password_hash.hpp"
#include "password_rules.hpp"
#include "user_repository.hpp"

namespace stoa::auth {

namespace {

Error wrong_credentials() {
  return {ErrorCode::invalid_credentials, "The nickname, e-mail address or password is not right."};
}

Error too_many(int wait_s) {
  Error error{ErrorCode::rate_limited, "Too many attempts. Try again later."};
  error.retry_after_s = wait_s;
  return error;
}

Error wrong_current_password() {
  return invalid_field({"/current_password", "wrong", "is not your password"});
}

std::string change_key(UserId user) {
  return "#" + std::to_string(user.value);
}

}  // namespace

LoginService::LoginService(Storage storage, SessionService& sessions, const SettingsBox& settings,
                           LoginThrottle& throttle, Clock clock, Clock monotonic,
                           std::function<bool()> limits_enabled)
    : storage_(storage),
      sessions_(sessions),
      settings_(settings),
      throttle_(throttle),
      clock_(std::move(clock)),
      monotonic_(std::move(monotonic)),
      limits_enabled_(std::move(limits_enabled)) {}

ThrottleLimits LoginService::limits() const {
  const auto settings = settings_.get();
  return {settings->logins_per_minute, settings->logins_per_hour, settings->login_failures};
}

Result<LoginAttempt> LoginService::begin_login(std::string_view login, const Caller& caller) {
  const std::string folded = fold(login);
  if (limits_enabled_()) {
    const int wait = throttle_.attempt(throttle_address(caller.address), folded, limits(), monotonic_());
    if (wait > 0) return too_many(wait);
  }
  auto credentials = storage_.read([&](Tx& tx) { return users::credentials(tx, folded); });
  if (!credentials) return credentials.error();
  return LoginAttempt{folded, std::move(*credentials)};
}

Result<SignedIn> LoginService::finish_login(const LoginAttempt& attempt, std::string_view password,
                                            const Caller& caller) {
  const std::string hash =
      attempt.credentials ? attempt.credentials->password_hash : std::string(kNobodysHash);
  const bool right = verify_password(hash, password);
  if (!right || !attempt.credentials) return wrong_credentials();
  auto outcome = storage_.write([&](Tx& tx) -> Result<SignedIn> {
    const auto present = users::credentials(tx, attempt.credentials->id);
    if (!present) return present.error();
    // The password was changed meanwhile.
    if (!*present || (*present)->password_hash != hash) return wrong_credentials();
    const auto account = users::find(tx, attempt.credentials->id);
    if (!account) return account.error();
    if (!*account || (*account)->suspended_until.value_or(0) > clock_()) return wrong_credentials();
    return sessions_.open(tx, **account, caller);
  });
  if (outcome) throttle_.succeeded(attempt.login);
  return outcome;
}

std::optional<FieldError> LoginService::password_faults(const Account& account,
                                                        std::string_view password) const {
  const auto settings = settings_.get();
  const std::size_t shortest =
      account.role == Role::admin ? settings->admin_password_min : settings->password_min;
  return password_fault(password, shortest, account.nickname, account.email);
}

Result<void> LoginService::begin_password_change(UserId user) {
  if (!limits_enabled_()) return {};
  const int wait = throttle_.attempt(change_key(user), limits(), monotonic_());
  if (wait > 0) return too_many(wait);
  return {};
}

Result<void> LoginService::finish_password_change(UserId user, std::string_view sid, std::string_view current,
                                                  std::string_view next) {
  // A write: this thread may not read in another way.
  const auto found = storage_.write([&](Tx& tx) { return users::credentials(tx, user); });
  if (!found) return found.error();
  if (!*found || !verify_password((*found)->password_hash, current)) return wrong_current_password();
  const std::string hash = hash_password(next);
  auto done = storage_.write([&](Tx& tx) -> Result<void> {
    const auto present = users::credentials(tx, user);
    if (!present) return present.error();
    if (!*present || (*present)->password_hash != (*found)->password_hash) return wrong_current_password();
    if (auto set = users::set_password(tx, user, hash); !set) return set;
    return sessions_.end_all(tx, user, sid);
  });
  if (done) throttle_.succeeded(change_key(user));
  return done;
}

Result<void> LoginService::reset_password(std::string_view nickname, std::string_view next) {
  const auto found = storage_.write([&](Tx& tx) { return users::find(tx, nickname); });
  if (!found) return found.error();
  if (!*found) return no_such_user();
  const UserId id = (*found)->id;
  if (auto fault = password_faults(**found, next)) {
    fault->pointer = "/password";
    return invalid_field(std::move(*fault));
  }
  const std::string hash = hash_password(next);
  return storage_.write([&](Tx& tx) -> Result<void> {
    if (auto set = users::set_password(tx, id, hash); !set) return set;
    return sessions_.end_all(tx, id, {});
  });
}

}  // namespace stoa::auth
