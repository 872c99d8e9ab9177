#include "choice_repository.hpp"

#include <string>

#include "notification_sql.hpp"

namespace stoa::notification::choice_repository {
namespace {

Result<void> done(const Result<std::int64_t>& changed) {
  if (!changed) return changed.error();
  return {};
}

}  // namespace

Result<Preference> preference(Tx& tx, UserId user, Type type) {
  auto row = tx.query<std::string, bool, bool>(sql::find_preference, user, to_string(type)).first();
  if (!row) return row.error();
  if (!*row) return Preference{};
  return Preference{std::get<1>(**row), std::get<2>(**row)};
}

Result<std::map<Type, Preference>> preferences(Tx& tx, UserId user) {
  std::map<Type, Preference> out;
  auto rows = tx.query<std::string, bool, bool>(sql::list_preferences, user);
  auto read = rows.each([&](const std::string& name, bool in_app, bool email) {
    if (const auto type = type_of(name)) out[*type] = {in_app, email};
  });
  if (!read) return read.error();
  return out;
}

Result<void> set_preference(Tx& tx, UserId user, Type type, Preference preference) {
  return done(tx.exec(sql::upsert_preference, user, to_string(type), preference.in_app, preference.email));
}

Result<Level> level(Tx& tx, std::int64_t post, UserId user) {
  auto name = tx.query<std::string>(sql::find_subscription, post, user).first_as<std::string>();
  if (!name) return name.error();
  return *name ? level_of(**name).value_or(Level::normal) : Level::normal;
}

Result<void> set_level(Tx& tx, std::int64_t post, UserId user, Level level) {
  return done(tx.exec(sql::upsert_subscription, post, user, to_string(level)));
}

Result<void> clear_level(Tx& tx, std::int64_t post, UserId user) {
  return done(tx.exec(sql::delete_subscription, post, user));
}

Result<std::vector<UserId>> watchers(Tx& tx, std::int64_t post) {
  return tx.query<UserId>(sql::list_watchers, post).all_as<UserId>();
}

}  // namespace stoa::notification::choice_repository
