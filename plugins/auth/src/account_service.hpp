// Accounts: who may be created, and how they change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts.hpp"
#include "directory.hpp"
#include "session_service.hpp"
#include "settings.hpp"
#include "stoa/storage.hpp"

namespace stoa::auth {

// Who asks for a new account.
enum class Origin {
  stranger,  // registration
  setup,     // the first administrator, by the link
  command    // an operator
};

struct Registration {
  Origin origin = Origin::stranger;
  Role role = Role::member;
  std::string nickname;
  std::string email;
  std::string password;
  std::optional<std::string> first_name;
  std::optional<std::string> last_name;
  std::optional<std::int64_t> age;
  std::optional<std::string> gender;
};

// Accounts as of one snapshot, with the event log's head.
struct Seen {
  Account account;
  std::uint64_t seq = 0;
};
struct SeenList {
  std::vector<Account> accounts;
  std::uint64_t seq = 0;
};

// Those marked [pool] hash passwords, which takes long: only on the PasswordPool.
class AccountService {
 public:
  AccountService(Storage storage, Directory& directory, SessionService& sessions, const SettingsBox& settings,
                 Clock clock);

  // Error: forbidden, when registration is closed.
  Result<void> registration_allowed() const;
  // Everything that is wrong with it by itself.
  std::vector<FieldError> faults(const Registration& wanted) const;
  // Error: conflict, with a field for each name that is taken.
  Result<void> available(const Registration& wanted);
  // [pool] Errors: conflict; not_found, for a setup when there is an administrator.
  Result<SignedIn> create(const Registration& wanted, const Caller& caller);
  // Whether there is an administrator.
  Result<bool> is_set_up();

  // Error: not_found.
  Result<Account> find(UserId id);
  Result<Seen> look_up(std::string_view nickname);
  // Those whose nickname begins with `prefix`, alphabetically, after that user (none: from the first).
  Result<SeenList> list(std::string_view prefix, UserId after, std::int64_t limit);
  // Errors: validation (a required field emptied), conflict (e-mail address taken).
  Result<Account> change_profile(UserId id, const ProfileChange& change);
  // Errors: not_found; conflict, when no administrator would be left.
  Result<Account> change_as_admin(UserId id, const AdminChange& change);
  Result<Account> set_role(std::string_view nickname, Role role);

 private:
  Result<void> taken(Tx& tx, std::string_view nickname, std::string_view email) const;
  Result<Account> change_as_admin(Tx& tx, Account account, const AdminChange& change);
  // The event, the dropped answers and the directory, for an account that others see differently now.
  Result<void> announce(Tx& tx, const Account& account, std::string_view event);

  Storage storage_;
  Directory& directory_;
  SessionService& sessions_;
  const SettingsBox& settings_;
  Clock clock_;
};

}  // namespace stoa::auth
