// Everybody, and every live session, in memory: what each request asks for.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "accounts.hpp"

namespace stoa::auth {

// One user, as others may know him. Never changed: a new one takes its place.
struct Member {
  UserId id;
  Role role = Role::member;
  std::optional<std::int64_t> suspended_until;
  std::string nickname;
  std::string avatar_url;
  std::int64_t created_at = 0;

  bool is_suspended(std::int64_t now_ms) const { return suspended_until && *suspended_until > now_ms; }
};
using MemberPtr = std::shared_ptr<const Member>;

struct LiveSession {
  LiveSession(SessionId session, std::string sid_text, UserId owner, std::int64_t used, std::int64_t expiry)
      : id(session), sid(std::move(sid_text)), user(owner), last_used_at(used), expires_at(expiry) {}
  const SessionId id;
  const std::string sid;
  const UserId user;
  std::atomic<std::int64_t> last_used_at;
  std::atomic<std::int64_t> expires_at;
  std::atomic<bool> touched{false};  // last_used_at is newer than what is stored
};
using LiveSessionPtr = std::shared_ptr<LiveSession>;

// [any-thread]
class Directory {
 public:
  // Replaces everything. Sessions that are known already stay the same objects.
  void reset(std::vector<Member> members, std::vector<LiveSessionPtr> sessions);

  void put(Member member);
  void put(LiveSessionPtr session);
  void extend(std::string_view sid, std::int64_t last_used_at, std::int64_t expires_at);
  void end(std::string_view sid);

  struct Present {
    MemberPtr member;
    LiveSessionPtr session;
  };
  // Empty unless that session of that user lives and the user is not suspended. Notes its use, to the minute.
  std::optional<Present> present(UserId user, std::string_view sid, std::int64_t now_ms) const;

  MemberPtr find(UserId id) const;                     // null: unknown
  MemberPtr find(std::string_view nickname) const;     // ignoring case
  LiveSessionPtr session(std::string_view sid) const;  // null: unknown
  // By nickname, ignoring case, after that one; without the suspended.
  std::vector<MemberPtr> list(std::string_view after, std::size_t limit, std::int64_t now_ms) const;
  // Sessions used since they were stored, at most `limit`; they count as stored from now on.
  std::vector<LiveSessionPtr> take_touched(std::size_t limit);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  void put_locked(Member member);

  mutable std::shared_mutex mutex_;
  std::unordered_map<UserId, MemberPtr> by_id_;
  std::map<std::string, MemberPtr, std::less<>> by_nickname_;  // folded
  std::unordered_map<std::string, LiveSessionPtr, Hash, std::equal_to<>> sessions_;
};

}  // namespace stoa::auth
