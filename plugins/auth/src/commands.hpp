// stoa user create, user set-role, user reset-password
#pragma once

#include "account_service.hpp"
#include "login_service.hpp"
#include "password_pool.hpp"
#include "stoa/app.hpp"

namespace stoa::auth {

void add_commands(App& app, AccountService& accounts, LoginService& logins, PasswordPool& pool);

}  // namespace stoa::auth
