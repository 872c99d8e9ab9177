// Pages that readers without scripts and search engines get.
#pragma once

#include "account_service.hpp"
#include "stoa/app.hpp"

namespace stoa::auth {

// /u/{nickname}, /login, /register, /settings, /setup
void add_pages(App& app, AccountService& accounts);

}  // namespace stoa::auth
