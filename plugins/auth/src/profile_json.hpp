// Accounts as JSON: for everybody, for their owner, for administrators.
#pragma once

#include <string>

#include "accounts.hpp"
#include "stoa/json.hpp"

namespace stoa::auth {

// {id,nickname,role,bio,avatar_url,created_at}
std::string public_profile(const Account& account);
// … and {email,first_name,last_name,age,gender}
std::string own_profile(const Account& account);
// … and {suspended_until,suspension_reason}
std::string admin_profile(const Account& account);

}  // namespace stoa::auth
