#include "session_repository.hpp"

#include <limits>

#include "auth_sql.hpp"

namespace stoa::auth::sessions {

namespace {

using Text = std::string;
using Number = std::int64_t;

template <class... P>
auto session_rows(Tx& tx, std::string_view sql, const P&... parameters) {
  return tx.query<SessionId, Text, UserId, Text, Number, Number, Number, Text, Text>(sql, parameters...);
}

Result<void> changed(const Result<std::int64_t>& rows) {
  if (!rows) return rows.error();
  return {};
}

}  // namespace

Result<SessionId> insert(Tx& tx, const SessionRow& row) {
  const auto rows = tx.exec(sql::insert_session, row.sid, row.user_id, row.refresh_hash, row.created_at,
                            row.expires_at, row.user_agent, row.address);
  if (!rows) return rows.error();
  return SessionId{tx.last_insert_id()};
}

Result<std::optional<SessionRow>> find(Tx& tx, std::string_view sid) {
  return session_rows(tx, sql::session_by_sid, sid).first_as<SessionRow>();
}

Result<std::vector<SessionRow>> of_user(Tx& tx, UserId user) {
  return session_rows(tx, sql::sessions_of_user, user).all_as<SessionRow>();
}

Result<std::vector<LiveSessionPtr>> live(Tx& tx, std::int64_t now_ms) {
  std::vector<LiveSessionPtr> out;
  auto done = tx.query<SessionId, Text, UserId, Number, Number>(sql::live_sessions, now_ms)
                  .each([&](SessionId id, Text sid, UserId user, Number used, Number expires) {
                    out.push_back(std::make_shared<LiveSession>(id, std::move(sid), user, used, expires));
                  });
  if (!done) return done.error();
  return out;
}

Result<std::vector<Ended>> expired(Tx& tx, std::int64_t now_ms) {
  return tx.query<SessionId, Text, UserId>(sql::expired_sessions, now_ms).all_as<Ended>();
}

Result<void> rotate(Tx& tx, const SessionRow& row) {
  return changed(tx.exec(sql::rotate_session, row.id, row.refresh_hash, row.last_used_at, row.expires_at,
                         row.user_agent, row.address));
}

Result<void> touch(Tx& tx, SessionId id, std::int64_t used_ms) {
  return changed(tx.exec(sql::touch_session, id, used_ms));
}

Result<void> remove(Tx& tx, SessionId id) {
  constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
  if (auto done = changed(tx.exec(sql::delete_spent_tokens, id, kAll)); !done) return done;
  return changed(tx.exec(sql::delete_session, id));
}

Result<void> spend(Tx& tx, SessionId id, std::string_view hash, std::int64_t now_ms,
                   std::int64_t forget_before_ms) {
  if (auto done = changed(tx.exec(sql::delete_spent_tokens, id, forget_before_ms)); !done) return done;
  return changed(tx.exec(sql::insert_spent_token, hash, id, now_ms));
}

Result<std::optional<std::int64_t>> spent_at(Tx& tx, SessionId id, std::string_view hash) {
  const auto row = tx.query<std::optional<std::int64_t>>(sql::spent_token, hash, id).first();
  if (!row) return row.error();
  return *row ? std::get<0>(**row) : std::nullopt;
}

}  // namespace stoa::auth::sessions
