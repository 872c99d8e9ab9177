// /auth/login, /auth/refresh, /auth/logout, /auth/sessions, /auth/password
#pragma once

#include "account_service.hpp"
#include "login_service.hpp"
#include "password_pool.hpp"
#include "session_service.hpp"
#include "stoa/app.hpp"

namespace stoa::auth {

class SessionRoutes {
 public:
  SessionRoutes(App& app, SessionService& sessions, LoginService& logins, AccountService& accounts,
                PasswordPool& pool, std::function<bool()> secure, Counter counter);
  void add();

 private:
  Response login(Request& request);
  Response refresh(Request& request);
  Response logout(Request& request);
  Response list(Request& request);
  Response revoke(Request& request);
  Response revoke_others(Request& request);
  Response change_password(Request& request);

  App& app_;
  SessionService& sessions_;
  LoginService& logins_;
  AccountService& accounts_;
  PasswordPool& pool_;
  std::function<bool()> secure_;
  Counter counter_;  // of logins, by outcome
};

}  // namespace stoa::auth
