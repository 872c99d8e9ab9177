// The statements about sessions and their refresh tokens.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "accounts.hpp"
#include "directory.hpp"
#include "stoa/storage.hpp"

namespace stoa::auth::sessions {

// What ending a session needs to know of it.
struct Ended {
  SessionId id;
  std::string sid;
  UserId user_id;
};

// `row.id` is ignored.
Result<SessionId> insert(Tx& tx, const SessionRow& row);
Result<std::optional<SessionRow>> find(Tx& tx, std::string_view sid);
Result<std::vector<SessionRow>> of_user(Tx& tx, UserId user);  // newest first
Result<std::vector<LiveSessionPtr>> live(Tx& tx, std::int64_t now_ms);
Result<std::vector<Ended>> expired(Tx& tx, std::int64_t now_ms);  // at most 200

Result<void> rotate(Tx& tx, const SessionRow& row);
Result<void> touch(Tx& tx, SessionId id, std::int64_t used_ms);
// With its spent tokens.
Result<void> remove(Tx& tx, SessionId id);

// Keeps the token that was just exchanged; forgets those exchanged before `forget_before_ms`.
Result<void> spend(Tx& tx, SessionId id, std::string_view hash, std::int64_t now_ms,
                   std::int64_t forget_before_ms);
// When it was exchanged.
Result<std::optional<std::int64_t>> spent_at(Tx& tx, SessionId id, std::string_view hash);

}  // namespace stoa::auth::sessions
