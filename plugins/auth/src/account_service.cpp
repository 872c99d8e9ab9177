#include "account_service.hpp"

#include "errors.hpp"
#include "names.hpp"
#include "password_hash.hpp"
#include "password_rules.hpp"
#include "profile_json.hpp"
#include "user_repository.hpp"

namespace stoa::auth {

namespace {

Member member_of(const Account& account) {
  return {account.id,       account.role,       account.suspended_until,
          account.nickname, account.avatar_url, account.created_at};
}

template <class T>
void apply(const Change<T>& change, std::optional<T>& target) {
  if (change.asked) target = change.value;
}

}  // namespace

AccountService::AccountService(Storage storage, Directory& directory, SessionService& sessions,
                               const SettingsBox& settings, Clock clock)
    : storage_(storage),
      directory_(directory),
      sessions_(sessions),
      settings_(settings),
      clock_(std::move(clock)) {}

Result<void> AccountService::registration_allowed() const {
  if (settings_.get()->registration_open) return {};
  return Error{ErrorCode::forbidden, "Registration is closed."};
}

std::vector<FieldError> AccountService::faults(const Registration& wanted) const {
  const auto settings = settings_.get();
  std::vector<FieldError> out;
  const auto add = [&](const char* pointer, std::optional<FieldError> fault) {
    if (!fault) return;
    fault->pointer = pointer;
    out.push_back(std::move(*fault));
  };
  add("/nickname", nickname_fault(wanted.nickname, *settings, wanted.origin == Origin::stranger));
  if (wanted.email.empty()) {
    out.push_back({"/email", "required", "must not be empty"});
  } else if (!is_email(wanted.email)) {
    out.push_back({"/email", "invalid", "is not an e-mail address"});
  }
  const std::size_t shortest =
      wanted.role == Role::admin ? settings->admin_password_min : settings->password_min;
  add("/password", password_fault(wanted.password, shortest, wanted.nickname, wanted.email));
  if (wanted.origin != Origin::stranger) return out;
  const auto require = [&](const char* name, bool given) {
    if (!given && settings->required_fields.count(name))
      out.push_back({"/" + std::string(name), "required", "is required"});
  };
  require("first_name", wanted.first_name.has_value());
  require("last_name", wanted.last_name.has_value());
  require("age", wanted.age.has_value());
  require("gender", wanted.gender.has_value());
  return out;
}

Result<void> AccountService::taken(Tx& tx, std::string_view nickname, std::string_view email) const {
  Error error{ErrorCode::conflict, "Somebody else has that nickname or e-mail address."};
  const auto same_name = users::find(tx, nickname);
  if (!same_name) return same_name.error();
  if (*same_name) error.fields.push_back({"/nickname", "taken", "is taken"});
  const auto same_address = users::credentials(tx, email);
  if (!same_address) return same_address.error();
  if (*same_address) error.fields.push_back({"/email", "taken", "is taken"});
  if (error.fields.empty()) return {};
  return error;
}

Result<void> AccountService::available(const Registration& wanted) {
  return storage_.read([&](Tx& tx) { return taken(tx, wanted.nickname, wanted.email); });
}

Result<bool> AccountService::is_set_up() {
  return storage_.read([](Tx& tx) { return users::has_admin(tx); });
}

Result<SignedIn> AccountService::create(const Registration& wanted, const Caller& caller) {
  const NewAccount account{wanted.nickname, wanted.email,      hash_password(wanted.password),
                           wanted.role,     wanted.first_name, wanted.last_name,
                           wanted.age,      wanted.gender};
  return storage_.write([&](Tx& tx) -> Result<SignedIn> {
    if (wanted.origin == Origin::setup) {
      const auto has_admin = users::has_admin(tx);
      if (!has_admin) return has_admin.error();
      if (*has_admin) return not_found();
    }
    if (auto free = taken(tx, wanted.nickname, wanted.email); !free) return free.error();
    const auto id = users::insert(tx, account, clock_());
    if (!id) return id.error();
    const auto created = users::find(tx, *id);
    if (!created) return created.error();
    if (auto done = announce(tx, **created, "auth.user.created"); !done) return done.error();
    if (wanted.origin == Origin::command) return SignedIn{**created, {}, 0, {}, 0};
    return sessions_.open(tx, **created, caller);
  });
}

Result<Account> AccountService::find(UserId id) {
  auto account = storage_.read([&](Tx& tx) { return users::find(tx, id); });
  if (!account) return account.error();
  if (!*account) return no_such_user();
  return std::move(**account);
}

Result<Seen> AccountService::look_up(std::string_view nickname) {
  return storage_.read([&](Tx& tx) -> Result<Seen> {
    const auto seq = tx.log_head();
    if (!seq) return seq.error();
    auto account = users::find(tx, nickname);
    if (!account) return account.error();
    if (!*account) return no_such_user();
    return Seen{std::move(**account), *seq};
  });
}

Result<SeenList> AccountService::list(std::string_view prefix, UserId after, std::int64_t limit) {
  return storage_.read([&](Tx& tx) -> Result<SeenList> {
    const auto seq = tx.log_head();
    if (!seq) return seq.error();
    auto accounts = users::list(tx, prefix, after, limit);
    if (!accounts) return accounts.error();
    return SeenList{std::move(*accounts), *seq};
  });
}

Result<Account> AccountService::change_profile(UserId id, const ProfileChange& change) {
  return storage_.write([&](Tx& tx) -> Result<Account> {
    auto found = users::find(tx, id);
    if (!found) return found.error();
    if (!*found) return no_such_user();
    const Account before = **found;
    Account account = before;
    apply(change.first_name, account.first_name);
    apply(change.last_name, account.last_name);
    apply(change.age, account.age);
    apply(change.gender, account.gender);
    if (change.bio) account.bio = *change.bio;
    if (change.avatar_url.asked) account.avatar_url = change.avatar_url.value.value_or("");
    if (change.email && fold(*change.email) != fold(account.email)) {
      const auto same = users::credentials(tx, *change.email);
      if (!same) return same.error();
      if (*same) {
        Error error{ErrorCode::conflict, "Somebody else has that e-mail address."};
        error.fields.push_back({"/email", "taken", "is taken"});
        return error;
      }
    }
    if (change.email) account.email = *change.email;

    const auto settings = settings_.get();
    const auto emptied = [&](const char* name, bool asked, bool given) {
      return asked && !given && settings->required_fields.count(name) > 0;
    };
    Error missing = invalid_fields();
    for (const auto& [name, gone] :
         {std::pair{"first_name", emptied("first_name", change.first_name.asked, !!account.first_name)},
          std::pair{"last_name", emptied("last_name", change.last_name.asked, !!account.last_name)},
          std::pair{"age", emptied("age", change.age.asked, !!account.age)},
          std::pair{"gender", emptied("gender", change.gender.asked, !!account.gender)}}) {
      if (gone) missing.fields.push_back({"/" + std::string(name), "required", "is required"});
    }
    if (!missing.fields.empty()) return missing;

    if (auto done = users::set_profile(tx, account); !done) return done.error();
    if (account.bio != before.bio || account.avatar_url != before.avatar_url) {
      if (auto done = announce(tx, account, "auth.user.updated"); !done) return done.error();
    }
    return account;
  });
}

Result<Account> AccountService::change_as_admin(UserId id, const AdminChange& change) {
  return storage_.write([&](Tx& tx) -> Result<Account> {
    auto found = users::find(tx, id);
    if (!found) return found.error();
    if (!*found) return no_such_user();
    return change_as_admin(tx, std::move(**found), change);
  });
}

Result<Account> AccountService::set_role(std::string_view nickname, Role role) {
  return storage_.write([&](Tx& tx) -> Result<Account> {
    auto found = users::find(tx, nickname);
    if (!found) return found.error();
    if (!*found) return no_such_user();
    return change_as_admin(tx, std::move(**found),
                           {.role = role, .suspended_until = {}, .suspension_reason = {}});
  });
}

Result<Account> AccountService::change_as_admin(Tx& tx, Account account, const AdminChange& change) {
  const std::int64_t now = clock_();
  const Account before = account;
  if (change.role) account.role = *change.role;
  apply(change.suspended_until, account.suspended_until);
  apply(change.suspension_reason, account.suspension_reason);
  const bool suspended = account.suspended_until.value_or(0) > now;
  if (!suspended) {
    account.suspended_until.reset();
    account.suspension_reason.reset();
  }
  if (before.role == Role::admin && (account.role != Role::admin || suspended)) {
    const auto others = users::has_admin_besides(tx, account.id, now);
    if (!others) return others.error();
    if (!*others)
      return Error{ErrorCode::conflict, "This is the last administrator. Appoint another one first.",
                   account.role != Role::admin ? "/role" : "/suspended_until", "last_admin"};
  }

  if (auto done = users::set_role(tx, account.id, account.role); !done) return done.error();
  if (auto done = users::set_suspension(tx, account.id, account.suspended_until, account.suspension_reason);
      !done)
    return done.error();
  if (suspended) {
    if (auto done = sessions_.end_all(tx, account.id, {}); !done) return done.error();
  }
  if (account.role != before.role) {
    if (auto done = announce(tx, account, "auth.user.updated"); !done) return done.error();
    if (auto done = tx.recheck_user(account.id); !done) return done.error();
  } else {
    if (auto done = tx.on_commit([this, member = member_of(account)] { directory_.put(member); }); !done)
      return done.error();
  }
  return account;
}

Result<void> AccountService::announce(Tx& tx, const Account& account, std::string_view event) {
  const std::string subject = "user:" + std::to_string(account.id.value);
  const auto seq =
      tx.emit({.type = event, .subject = subject, .channels = {"presence"}, .data = public_profile(account)});
  if (!seq) return seq.error();
  if (auto done = tx.drop_tags({"users", subject}); !done) return done;
  return tx.on_commit([this, member = member_of(account)] { directory_.put(member); });
}

}  // namespace stoa::auth
