#include "realtime/presence.hpp"

#include <algorithm>
#include <mutex>

namespace stoa::core::realtime {

Presence PresenceBook::presence(std::int64_t user_id) const {
  const std::shared_lock lock(mutex_);
  const auto found = published_.find(user_id);
  return found == published_.end() ? Presence::offline : found->second;
}

void PresenceBook::arrived(std::int64_t user_id) {
  User& user = users_[user_id];
  ++user.connections;
  settle(user_id, user);
}

void PresenceBook::gone(std::int64_t user_id, bool idle, Time now) {
  User& user = users_[user_id];
  --user.connections;
  if (idle) --user.idle;
  if (user.connections > 0) return settle(user_id, user);
  user.gone_at = now + grace_;
  leaving_.emplace_back(user.gone_at, user_id);
}

void PresenceBook::idle_changed(std::int64_t user_id, bool idle) {
  User& user = users_[user_id];
  user.idle += idle ? 1 : -1;
  settle(user_id, user);
}

void PresenceBook::expire(Time now) {
  while (!leaving_.empty() && leaving_.front().first <= now) {
    const auto [gone_at, user_id] = leaving_.front();
    leaving_.pop_front();
    const auto user = users_.find(user_id);
    if (user == users_.end() || user->second.connections > 0 || user->second.gone_at != gone_at) continue;
    users_.erase(user);
    change(user_id, Presence::offline);
  }
}

std::optional<PresenceBook::Time> PresenceBook::next_expiry() const {
  if (leaving_.empty()) return std::nullopt;
  return leaving_.front().first;
}

PresenceChanges PresenceBook::take_changes() {
  PresenceChanges changes;
  for (const std::int64_t user_id : touched_) {
    const Presence now = presence(user_id);
    const auto told = told_.find(user_id);
    if (now == (told == told_.end() ? Presence::offline : told->second)) continue;
    changes.emplace_back(user_id, now);
    if (now == Presence::offline) {
      told_.erase(user_id);
    } else {
      told_[user_id] = now;
    }
  }
  touched_.clear();
  std::sort(changes.begin(), changes.end());
  return changes;
}

void PresenceBook::clear() {
  users_.clear();
  leaving_.clear();
  touched_.clear();
  const std::unique_lock lock(mutex_);
  published_.clear();
}

void PresenceBook::settle(std::int64_t user_id, User& user) {
  const Presence now = user.idle == user.connections ? Presence::away : Presence::online;
  if (now == user.presence) return;
  user.presence = now;
  change(user_id, now);
}

void PresenceBook::change(std::int64_t user_id, Presence presence) {
  {
    const std::unique_lock lock(mutex_);
    if (presence == Presence::offline) {
      published_.erase(user_id);
    } else {
      published_[user_id] = presence;
    }
  }
  touched_.insert(user_id);
  changed_(user_id, presence);
}

}  // namespace stoa::core::realtime
