#include "user_repository.hpp"

#include "auth_sql.hpp"
#include "names.hpp"

namespace stoa::auth::users {

namespace {

using Text = std::string;
using MaybeText = std::optional<std::string>;
using Number = std::int64_t;
using MaybeNumber = std::optional<std::int64_t>;

template <class... P>
auto account_rows(Tx& tx, std::string_view sql, const P&... parameters) {
  return tx.query<UserId, Text, Text, Role, MaybeText, MaybeText, MaybeNumber, MaybeText, Text, Text, Number,
                  MaybeNumber, MaybeText>(sql, parameters...);
}

Result<void> changed(const Result<std::int64_t>& rows) {
  if (!rows) return rows.error();
  return {};
}

}  // namespace

Result<UserId> insert(Tx& tx, const NewAccount& account, std::int64_t now_ms) {
  const auto rows = tx.exec(sql::insert_user, account.nickname, fold(account.nickname), account.email,
                            fold(account.email), account.password_hash, account.role, account.first_name,
                            account.last_name, account.age, account.gender, now_ms);
  if (!rows) return rows.error();
  return UserId{tx.last_insert_id()};
}

Result<std::optional<Account>> find(Tx& tx, UserId id) {
  return account_rows(tx, sql::user_by_id, id).first_as<Account>();
}

Result<std::optional<Account>> find(Tx& tx, std::string_view nickname) {
  return account_rows(tx, sql::user_by_nickname, fold(nickname)).first_as<Account>();
}

Result<std::vector<Account>> list(Tx& tx, std::string_view prefix, UserId after, std::int64_t limit) {
  std::string start;
  if (after) {
    const auto key = tx.query<Text>(sql::nickname_key_of_user, after).first();
    if (!key) return key.error();
    if (*key) start = std::get<0>(**key);
  }
  const std::string first = fold(prefix);
  // Behind every character of a nickname.
  return account_rows(tx, sql::users_by_prefix, start, first, first + "~", limit).all_as<Account>();
}

Result<std::vector<Member>> all(Tx& tx) {
  return tx.query<UserId, Role, MaybeNumber, Text, Text, Number>(sql::all_users).all_as<Member>();
}

Result<bool> has_admin_besides(Tx& tx, UserId id, std::int64_t now_ms) {
  const auto row = tx.query<UserId>(sql::other_admin, Role::admin, id, now_ms).first();
  if (!row) return row.error();
  return row->has_value();
}

Result<bool> has_admin(Tx& tx) {
  const auto row = tx.query<UserId>(sql::first_of_role, Role::admin).first();
  if (!row) return row.error();
  return row->has_value();
}

Result<std::optional<Credentials>> credentials(Tx& tx, std::string_view login) {
  const bool is_address = login.find('@') != std::string_view::npos;
  return tx
      .query<UserId, Text>(is_address ? sql::credentials_by_email : sql::credentials_by_nickname, fold(login))
      .first_as<Credentials>();
}

Result<std::optional<Credentials>> credentials(Tx& tx, UserId id) {
  return tx.query<UserId, Text>(sql::credentials_by_id, id).first_as<Credentials>();
}

Result<void> set_password(Tx& tx, UserId id, std::string_view hash) {
  return changed(tx.exec(sql::set_password, id, hash));
}

Result<void> set_role(Tx& tx, UserId id, Role role) {
  return changed(tx.exec(sql::set_role, id, role));
}

Result<void> set_suspension(Tx& tx, UserId id, std::optional<std::int64_t> until,
                            const std::optional<std::string>& reason) {
  return changed(tx.exec(sql::set_suspension, id, until, reason));
}

Result<void> set_profile(Tx& tx, const Account& account) {
  return changed(tx.exec(sql::set_profile, account.id, account.email, fold(account.email), account.first_name,
                         account.last_name, account.age, account.gender, account.bio, account.avatar_url));
}

}  // namespace stoa::auth::users
