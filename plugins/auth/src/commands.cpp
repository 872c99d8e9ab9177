#include "commands.hpp"

#include "names.hpp"
#include "password_rules.hpp"
#include "web.hpp"

namespace stoa::auth {

namespace {

Result<std::string> create(AccountService& accounts, PasswordPool& pool, std::string_view arguments) {
  auto fields = Fields::parse(arguments);
  if (!fields) return fields.error();
  Registration wanted;
  wanted.origin = Origin::command;
  wanted.role = fields->optional_boolean("admin").value_or(false) ? Role::admin : Role::member;
  wanted.nickname = fields->text("nickname", {0, 200});
  wanted.email = fields->text("email", {0, 400});
  wanted.password = secret_text(*fields, "password", kPasswordMax);
  if (auto ok = finish(*fields, accounts.faults(wanted)); !ok) return ok.error();
  if (auto free = accounts.available(wanted); !free) return free.error();
  UserId id;
  auto done = run_on_pool(pool, [&]() -> Result<void> {
    auto created = accounts.create(wanted, {});
    if (!created) return created.error();
    id = created->user.id;
    return {};
  });
  if (!done) return done.error();
  return "Created " + std::string(to_string(wanted.role)) + " " + wanted.nickname + " with id " +
         std::to_string(id.value) + ".\n";
}

Result<std::string> set_role(AccountService& accounts, std::string_view arguments) {
  auto fields = Fields::parse(arguments);
  if (!fields) return fields.error();
  const std::string nickname = fields->text("nickname", {1, 200});
  const auto role = role_of(fields->text("role", {1, 32}));
  std::vector<FieldError> faults;
  if (!role) faults.push_back({"/role", "invalid", "must be member, moderator or admin"});
  if (auto ok = finish(*fields, faults); !ok) return ok.error();
  const auto account = accounts.set_role(nickname, *role);
  if (!account) return account.error();
  return account->nickname + " is " + std::string(to_string(account->role)) + " now.\n";
}

Result<std::string> reset_password(LoginService& logins, PasswordPool& pool, std::string_view arguments) {
  auto fields = Fields::parse(arguments);
  if (!fields) return fields.error();
  const std::string nickname = fields->text("nickname", {1, 200});
  const std::string password = secret_text(*fields, "password", kPasswordMax);
  if (auto ok = fields->finish(); !ok) return ok.error();
  const auto done = run_on_pool(pool, [&] { return logins.reset_password(nickname, password); });
  if (!done) return done.error();
  return "The password of " + nickname + " is changed, and all sessions have ended.\n";
}

}  // namespace

void add_commands(App& app, AccountService& accounts, LoginService& logins, PasswordPool& pool) {
  app.command("user create", "Create an account",
              {{.name = "nickname", .help = "how others see the person", .required = true},
               {.name = "email", .help = "e-mail address", .required = true},
               {.name = "password", .help = "password", .required = true},
               {.name = "admin", .help = "make it an administrator", .flag = true}},
              [&](std::string_view arguments) { return create(accounts, pool, arguments); });
  app.command("user set-role", "Change what somebody may do",
              {{.name = "nickname", .help = "whose", .required = true},
               {.name = "role", .help = "member, moderator or admin", .required = true}},
              [&](std::string_view arguments) { return set_role(accounts, arguments); });
  app.command("user reset-password", "Give somebody a new password and end all sessions",
              {{.name = "nickname", .help = "whose", .required = true},
               {.name = "password", .help = "the new password", .required = true}},
              [&](std::string_view arguments) { return reset_password(logins, pool, arguments); });
}

}  // namespace stoa::auth
