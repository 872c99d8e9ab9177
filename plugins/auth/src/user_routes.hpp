// /users and /admin/users
#pragma once

#include "account_service.hpp"
#include "stoa/app.hpp"

namespace stoa::auth {

inline constexpr std::string_view kAdminPermission = "auth.admin";

class UserRoutes {
 public:
  UserRoutes(App& app, AccountService& accounts) : app_(app), accounts_(accounts) {}
  void add();

 private:
  Response me(Request& request);
  Response change_me(Request& request);
  Response profile(Request& request);
  Response search(Request& request);
  Response admin_list(Request& request);
  Response admin_change(Request& request);

  App& app_;
  AccountService& accounts_;
};

}  // namespace stoa::auth
