// stoa.identity/1 for tests: user 7 has the token "t7" and the session "s7".
#include <stoa/identity.hpp>
#include <stoa/json.hpp>
#include <stoa/stoa.hpp>

#include <algorithm>
#include <map>
#include <mutex>

namespace {

struct Account {
  std::int64_t id = 0;
  stoa_role role = STOA_ROLE_MEMBER;
  std::string nickname, session;

  stoa_profile profile() const {
    stoa_profile c{};
    c.size = sizeof c;
    c.role = role;
    c.id = id;
    c.nickname = stoa::detail::str(nickname);
    c.created_at_ms = 1;
    return c;
  }
};

std::string folded(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

class Accounts {
 public:
  Accounts() {
    table_.size = sizeof table_;
    table_.self = this;
    table_.authenticate = &authenticate;
    table_.lookup = &lookup;
    table_.find = &find;
    table_.list = &list;
  }
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;
  const stoa_identity_v1* table() const { return &table_; }

  void add(Account account) {
    std::lock_guard<std::mutex> lock(mutex_);
    const std::int64_t id = account.id;
    by_id_[id] = std::move(account);
  }

 private:
  static stoa_status authenticate(void* self, stoa_str token, void* out,
                                  void (*accept)(void*, const stoa_principal*)) {
    auto& accounts = *static_cast<Accounts*>(self);
    std::lock_guard<std::mutex> lock(accounts.mutex_);
    for (const auto& [id, account] : accounts.by_id_) {
      if (stoa::detail::view(token) != "t" + std::to_string(id)) continue;
      stoa_principal c{};
      c.size = sizeof c;
      c.role = account.role;
      c.user_id = id;
      c.nickname = stoa::detail::str(account.nickname);
      c.session_id = stoa::detail::str(account.session);
      accept(out, &c);
      return STOA_OK;
    }
    return STOA_E_UNAUTHENTICATED;
  }
  static stoa_status lookup(void* self, const int64_t* ids, size_t count, void* out, stoa_accept_profile accept) {
    auto& accounts = *static_cast<Accounts*>(self);
    std::lock_guard<std::mutex> lock(accounts.mutex_);
    for (size_t i = 0; i < count; ++i) {
      const auto account = accounts.by_id_.find(ids[i]);
      if (account != accounts.by_id_.end()) give(account->second, out, accept);
    }
    return STOA_OK;
  }
  static stoa_status find(void* self, const stoa_str* nicknames, size_t count, void* out, stoa_accept_profile accept) {
    auto& accounts = *static_cast<Accounts*>(self);
    std::lock_guard<std::mutex> lock(accounts.mutex_);
    for (size_t i = 0; i < count; ++i) {
      for (const auto& [id, account] : accounts.by_id_) {
        if (folded(account.nickname) == folded(stoa::detail::view(nicknames[i]))) give(account, out, accept);
      }
    }
    return STOA_OK;
  }
  static stoa_status list(void* self, stoa_str after, size_t limit, void* out, stoa_accept_profile accept) {
    auto& accounts = *static_cast<Accounts*>(self);
    std::lock_guard<std::mutex> lock(accounts.mutex_);
    std::map<std::string, const Account*> sorted;
    for (const auto& [id, account] : accounts.by_id_) sorted[folded(account.nickname)] = &account;
    for (auto entry = sorted.upper_bound(folded(stoa::detail::view(after))); entry != sorted.end() && limit > 0;
         ++entry, --limit) {
      give(*entry->second, out, accept);
    }
    return STOA_OK;
  }
  static void give(const Account& account, void* out, stoa_accept_profile accept) {
    const stoa_profile c = account.profile();
    accept(out, &c);
  }

  stoa_identity_v1 table_{};
  std::mutex mutex_;
  std::map<std::int64_t, Account> by_id_;
};

stoa::Result<std::string> add_user(Accounts& accounts, std::string_view arguments) {
  auto fields = stoa::Fields::parse(arguments);
  if (!fields) return fields.error();
  Account account;
  const std::string id = fields->text("id", {1, 16});
  account.nickname = fields->text("nickname", {1, 64});
  const std::string role = fields->text("role", {1, 16});
  if (role == "admin") {
    account.role = STOA_ROLE_ADMIN;
  } else if (role == "moderator") {
    account.role = STOA_ROLE_MODERATOR;
  } else if (role != "member") {
    fields->reject("role", "unknown", "must be member, moderator or admin");
  }
  if (auto good = fields->finish(); !good) return good.error();
  account.id = std::stoll(id);
  account.session = "s" + id;
  accounts.add(std::move(account));
  return std::string();
}

}  // namespace

STOA_PLUGIN([](stoa::App& app) {
  auto& accounts = app.own<Accounts>();
  app.provide(STOA_IDENTITY_ID, accounts.table());
  app.command("testing user", "Adds a user who exists until the host stops",
              {{"id", "Its number", true}, {"nickname", "Its name", true}, {"role", "member, moderator, admin", true}},
              [&accounts](std::string_view arguments) { return add_user(accounts, arguments); });
});
