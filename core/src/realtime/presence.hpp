// Who is there, by user over all of their connections.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>

#include "realtime/frames.hpp"

namespace stoa::core::realtime {

class PresenceBook {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Changed = std::function<void(std::int64_t user_id, Presence presence)>;

  // changed: called at once for each change of a user's presence, on the hub's thread.
  PresenceBook(std::chrono::milliseconds grace, Changed changed)
      : grace_(grace), changed_(std::move(changed)) {}

  // [any-thread]
  Presence presence(std::int64_t user_id) const;

  // [hub] One connection of the user came, went, became idle or busy. idle: as it was before going.
  void arrived(std::int64_t user_id);
  void gone(std::int64_t user_id, bool idle, Time now);
  void idle_changed(std::int64_t user_id, bool idle);
  // [hub] Users without a connection for the grace are offline.
  void expire(Time now);
  std::optional<Time> next_expiry() const;
  // [hub] What differs from the last call, by user id.
  PresenceChanges take_changes();
  void clear();

 private:
  struct User {
    int connections = 0;
    int idle = 0;
    Presence presence = Presence::offline;
    Time gone_at;
  };
  void settle(std::int64_t user_id, User& user);
  void change(std::int64_t user_id, Presence presence);

  const std::chrono::milliseconds grace_;
  const Changed changed_;
  std::unordered_map<std::int64_t, User> users_;
  std::deque<std::pair<Time, std::int64_t>> leaving_;  // rising, as the grace is the same for all
  std::unordered_set<std::int64_t> touched_;
  std::unordered_map<std::int64_t, Presence> told_;  // absent: offline

  mutable std::shared_mutex mutex_;
  std::unordered_map<std::int64_t, Presence> published_;  // absent: offline
};

}  // namespace stoa::core::realtime
