#include "directory.hpp"

#include <algorithm>
#include <mutex>

#include "names.hpp"

namespace stoa::auth {

namespace {
constexpr std::int64_t kTouchEveryMs = 60'000;
}

void Directory::reset(std::vector<Member> members, std::vector<LiveSessionPtr> sessions) {
  std::unique_lock lock(mutex_);
  by_id_.clear();
  by_nickname_.clear();
  for (Member& member : members) put_locked(std::move(member));
  decltype(sessions_) next;
  for (LiveSessionPtr& session : sessions) {
    const auto known = sessions_.find(session->sid);
    if (known != sessions_.end()) {
      known->second->expires_at = std::max(known->second->expires_at.load(), session->expires_at.load());
      session = known->second;
    }
    next.emplace(session->sid, session);
  }
  sessions_.swap(next);
}

void Directory::put(Member member) {
  std::unique_lock lock(mutex_);
  put_locked(std::move(member));
}

void Directory::put_locked(Member member) {
  auto entry = std::make_shared<const Member>(std::move(member));
  by_id_[entry->id] = entry;
  by_nickname_[fold(entry->nickname)] = entry;
}

void Directory::put(LiveSessionPtr session) {
  std::unique_lock lock(mutex_);
  sessions_[session->sid] = std::move(session);
}

void Directory::extend(std::string_view sid, std::int64_t last_used_at, std::int64_t expires_at) {
  const LiveSessionPtr found = session(sid);
  if (!found) return;
  found->last_used_at = last_used_at;
  found->expires_at = expires_at;
  found->touched = false;
}

void Directory::end(std::string_view sid) {
  std::unique_lock lock(mutex_);
  if (const auto found = sessions_.find(sid); found != sessions_.end()) sessions_.erase(found);
}

std::optional<Directory::Present> Directory::present(UserId user, std::string_view sid,
                                                     std::int64_t now_ms) const {
  Present present;
  {
    std::shared_lock lock(mutex_);
    const auto session = sessions_.find(sid);
    const auto member = by_id_.find(user);
    if (session == sessions_.end() || member == by_id_.end()) return std::nullopt;
    present = {member->second, session->second};
  }
  LiveSession& session = *present.session;
  if (session.user != user || session.expires_at <= now_ms || present.member->is_suspended(now_ms))
    return std::nullopt;
  if (now_ms - session.last_used_at >= kTouchEveryMs) {
    session.last_used_at = now_ms;
    session.touched = true;
  }
  return present;
}

MemberPtr Directory::find(UserId id) const {
  std::shared_lock lock(mutex_);
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

MemberPtr Directory::find(std::string_view nickname) const {
  const std::string folded = fold(nickname);
  std::shared_lock lock(mutex_);
  const auto found = by_nickname_.find(folded);
  return found == by_nickname_.end() ? nullptr : found->second;
}

LiveSessionPtr Directory::session(std::string_view sid) const {
  std::shared_lock lock(mutex_);
  const auto found = sessions_.find(sid);
  return found == sessions_.end() ? nullptr : found->second;
}

std::vector<MemberPtr> Directory::list(std::string_view after, std::size_t limit, std::int64_t now_ms) const {
  const std::string folded = fold(after);
  std::vector<MemberPtr> out;
  std::shared_lock lock(mutex_);
  for (auto entry = by_nickname_.upper_bound(folded); entry != by_nickname_.end() && out.size() < limit;
       ++entry) {
    if (!entry->second->is_suspended(now_ms)) out.push_back(entry->second);
  }
  return out;
}

std::vector<LiveSessionPtr> Directory::take_touched(std::size_t limit) {
  std::vector<LiveSessionPtr> out;
  std::shared_lock lock(mutex_);
  for (const auto& [sid, session] : sessions_) {
    if (out.size() >= limit) break;
    if (session->touched.exchange(false)) out.push_back(session);
  }
  return out;
}

}  // namespace stoa::auth
