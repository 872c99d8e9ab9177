// /auth/register, and the setup of a new forum by its first administrator
#pragma once

#include "account_service.hpp"
#include "password_pool.hpp"
#include "setup_link.hpp"
#include "stoa/app.hpp"
#include "stoa/json.hpp"

namespace stoa::auth {

class RegistrationRoutes {
 public:
  RegistrationRoutes(App& app, AccountService& accounts, SetupLink& setup, PasswordPool& pool,
                     std::function<bool()> secure);
  void add();

 private:
  Response enrol(Request& request);
  Response set_up(Request& request);
  // Checks `wanted` and what is left of `fields`, then creates the account on the pool.
  Response create(Request& request, Fields& fields, Registration wanted);

  App& app_;
  AccountService& accounts_;
  SetupLink& setup_;
  PasswordPool& pool_;
  std::function<bool()> secure_;
};

}  // namespace stoa::auth
