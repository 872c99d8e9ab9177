#include "session_service.hpp"

#include "secrets.hpp"
#include "stoa/json.hpp"
#include "user_repository.hpp"

namespace stoa::auth {

namespace {

Error not_signed_in() {
  return {ErrorCode::unauthenticated, "The session has ended. Log in again."};
}

std::string user_channel(UserId user) {
  return "user:" + std::to_string(user.value);
}

}  // namespace

SessionService::SessionService(Storage storage, Directory& directory, const SettingsBox& settings,
                               Clock clock, Random random)
    : storage_(storage),
      directory_(directory),
      settings_(settings),
      clock_(std::move(clock)),
      random_(std::move(random)) {}

Result<void> SessionService::start(const std::string& key_directory) {
  auto access = load_or_create_key(key_directory, "auth-access.key");
  if (!access) return access.error();
  auto refresh = load_or_create_key(key_directory, "auth-refresh.key");
  if (!refresh) return refresh.error();
  keys_ = std::make_unique<Keys>(std::move(*access), std::move(*refresh));
  return reload();
}

Result<void> SessionService::reload() {
  return storage_.write([&](Tx& tx) -> Result<void> {
    auto members = users::all(tx);
    if (!members) return members.error();
    auto live = sessions::live(tx, clock_());
    if (!live) return live.error();
    return tx.on_commit([this, all = std::move(*members), open = std::move(*live)]() mutable {
      directory_.reset(std::move(all), std::move(open));
    });
  });
}

Result<SignedIn> SessionService::signed_in(const Account& account, std::string_view sid,
                                           std::string refresh_token) const {
  const auto settings = settings_.get();
  return SignedIn{account, keys_->access.issue(account.id, sid, clock_(), settings->access_seconds),
                  settings->access_seconds, std::move(refresh_token), settings->refresh_seconds};
}

Result<SignedIn> SessionService::open(Tx& tx, const Account& account, const Caller& caller) {
  const std::int64_t now = clock_();
  const std::string sid = hexadecimal(random_(16));
  const RefreshToken token = make_refresh_token(sid, random_(32));
  const SessionRow row{{},
                       sid,
                       account.id,
                       token_hash(token.text),
                       now,
                       now,
                       now + settings_.get()->refresh_seconds * 1'000,
                       caller.user_agent,
                       caller.address};
  const auto id = sessions::insert(tx, row);
  if (!id) return id.error();
  auto live = std::make_shared<LiveSession>(*id, sid, account.id, now, row.expires_at);
  if (auto done = tx.on_commit([this, live] { directory_.put(live); }); !done) return done.error();
  return signed_in(account, sid, token.text);
}

Result<void> SessionService::end(Tx& tx, const sessions::Ended& session) {
  if (auto done = sessions::remove(tx, session.id); !done) return done;
  Json data;
  data.begin_object().field("session_id", session.id).end_object();
  const auto seq = tx.emit({.type = "auth.session.revoked",
                            .subject = {},
                            .channels = {user_channel(session.user_id)},
                            .data = data.take()});
  if (!seq) return seq.error();
  if (auto done = tx.end_session(session.sid); !done) return done;
  return tx.on_commit([this, sid = session.sid] { directory_.end(sid); });
}

Result<void> SessionService::end_all(Tx& tx, UserId user, std::string_view except_sid) {
  const auto rows = sessions::of_user(tx, user);
  if (!rows) return rows.error();
  for (const SessionRow& row : *rows) {
    if (row.sid == except_sid) continue;
    if (auto done = end(tx, {row.id, row.sid, row.user_id}); !done) return done;
  }
  return {};
}

Result<SignedIn> SessionService::refresh(std::string_view text, const Caller& caller) {
  const auto token = read_refresh_token(text);
  if (!token) return not_signed_in();
  const RefreshToken successor = successor_of(*token, keys_->refresh);
  // nullopt: refused, and what the closure did about it stays.
  auto outcome = storage_.write([&](Tx& tx) -> Result<std::optional<SignedIn>> {
    const std::int64_t now = clock_();
    auto row = sessions::find(tx, token->sid);
    if (!row) return row.error();
    if (!*row || (*row)->expires_at <= now) return std::optional<SignedIn>();
    const auto account = users::find(tx, (*row)->user_id);
    if (!account) return account.error();
    if (!*account || (*account)->suspended_until.value_or(0) > now) return std::optional<SignedIn>();

    const std::string hash = token_hash(token->text);
    if (!same_secret((*row)->refresh_hash, hash)) {
      const auto spent = sessions::spent_at(tx, (*row)->id, hash);
      if (!spent) return spent.error();
      if (!*spent || now - **spent > kGraceMs) {
        auto ended = end(tx, {(*row)->id, (*row)->sid, (*row)->user_id});
        if (!ended) return ended.error();
        return std::optional<SignedIn>();
      }
    } else {
      if (auto done = sessions::spend(tx, (*row)->id, hash, now, now - kGraceMs); !done) return done.error();
      (*row)->refresh_hash = token_hash(successor.text);
      (*row)->last_used_at = now;
      (*row)->expires_at = now + settings_.get()->refresh_seconds * 1'000;
      (*row)->user_agent = caller.user_agent;
      (*row)->address = caller.address;
      if (auto done = sessions::rotate(tx, **row); !done) return done.error();
      auto done = tx.on_commit([this, sid = (*row)->sid, now, expires = (*row)->expires_at] {
        directory_.extend(sid, now, expires);
      });
      if (!done) return done.error();
    }
    auto answer = signed_in(**account, token->sid, successor.text);
    if (!answer) return answer.error();
    return std::optional<SignedIn>(std::move(*answer));
  });
  if (!outcome) return outcome.error();
  if (!*outcome) return not_signed_in();
  return std::move(**outcome);
}

Result<void> SessionService::logout(std::string_view sid) {
  return storage_.write([&](Tx& tx) -> Result<void> {
    const auto row = sessions::find(tx, sid);
    if (!row) return row.error();
    if (!*row) return {};
    return end(tx, {(*row)->id, (*row)->sid, (*row)->user_id});
  });
}

Result<void> SessionService::logout_by_refresh_token(std::string_view text) {
  const auto token = read_refresh_token(text);
  if (!token) return not_signed_in();
  return storage_.write([&](Tx& tx) -> Result<void> {
    const auto row = sessions::find(tx, token->sid);
    if (!row) return row.error();
    if (!*row) return not_signed_in();
    const std::string hash = token_hash(token->text);
    if (!same_secret((*row)->refresh_hash, hash)) {
      const auto spent = sessions::spent_at(tx, (*row)->id, hash);
      if (!spent) return spent.error();
      if (!*spent) return not_signed_in();
    }
    return end(tx, {(*row)->id, (*row)->sid, (*row)->user_id});
  });
}

Result<std::vector<SessionRow>> SessionService::list(UserId user) {
  auto rows = storage_.read([&](Tx& tx) { return sessions::of_user(tx, user); });
  if (!rows) return rows;
  const std::int64_t now = clock_();
  std::vector<SessionRow> alive;
  for (SessionRow& row : *rows) {
    if (row.expires_at <= now) continue;
    if (const LiveSessionPtr live = directory_.session(row.sid)) row.last_used_at = live->last_used_at;
    alive.push_back(std::move(row));
  }
  return alive;
}

Result<void> SessionService::revoke(UserId user, SessionId session) {
  return storage_.write([&](Tx& tx) -> Result<void> {
    const auto rows = sessions::of_user(tx, user);
    if (!rows) return rows.error();
    for (const SessionRow& row : *rows) {
      if (row.id == session) return end(tx, {row.id, row.sid, row.user_id});
    }
    return Error{ErrorCode::not_found, "There is no such session."};
  });
}

Result<void> SessionService::revoke_others(UserId user, std::string_view sid) {
  return storage_.write([&](Tx& tx) { return end_all(tx, user, sid); });
}

Result<void> SessionService::keep_house() {
  const auto touched = directory_.take_touched(1'000);
  return storage_.write([&](Tx& tx) -> Result<void> {
    for (const LiveSessionPtr& session : touched) {
      if (auto done = sessions::touch(tx, session->id, session->last_used_at); !done) return done;
    }
    const auto expired = sessions::expired(tx, clock_());
    if (!expired) return expired.error();
    for (const sessions::Ended& session : *expired) {
      if (auto done = end(tx, session); !done) return done;
    }
    return {};
  });
}

}  // namespace stoa::auth
