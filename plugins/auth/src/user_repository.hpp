// The statements about accounts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts.hpp"
#include "directory.hpp"
#include "stoa/storage.hpp"

namespace stoa::auth::users {

// Error: conflict, when the nickname or the e-mail address is taken.
Result<UserId> insert(Tx& tx, const NewAccount& account, std::int64_t now_ms);
Result<std::optional<Account>> find(Tx& tx, UserId id);
Result<std::optional<Account>> find(Tx& tx, std::string_view nickname);
// Those whose nickname begins with `prefix`, alphabetically, after that user (none: from the first).
Result<std::vector<Account>> list(Tx& tx, std::string_view prefix, UserId after, std::int64_t limit);
Result<std::vector<Member>> all(Tx& tx);
// Whether there is an administrator that is not suspended, besides that user.
Result<bool> has_admin_besides(Tx& tx, UserId id, std::int64_t now_ms);
// Whether there is any administrator.
Result<bool> has_admin(Tx& tx);

// By nickname or, with an @, by e-mail address.
Result<std::optional<Credentials>> credentials(Tx& tx, std::string_view login);
Result<std::optional<Credentials>> credentials(Tx& tx, UserId id);

Result<void> set_password(Tx& tx, UserId id, std::string_view hash);
Result<void> set_role(Tx& tx, UserId id, Role role);
Result<void> set_suspension(Tx& tx, UserId id, std::optional<std::int64_t> until,
                            const std::optional<std::string>& reason);
// Writes the fields that a person may change. Error: conflict, when the e-mail address is taken.
Result<void> set_profile(Tx& tx, const Account& account);

}  // namespace stoa::auth::users
