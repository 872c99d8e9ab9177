// Everything the hub knows, on the hub's thread: connections, channels, presence. No sockets and no timers of
// its own.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "realtime/channels.hpp"
#include "realtime/inbox.hpp"
#include "realtime/link.hpp"
#include "realtime/presence.hpp"

namespace stoa::core::realtime {

class Connection;

enum class Alarm : std::uint8_t {
  flush,     // what was held back to be joined
  beat,      // heartbeats and their time-outs
  presence,  // the joined differences
  grace,     // users without connections
  linger,    // closed links whose peer does not answer
};
inline constexpr std::size_t kAlarms = 5;

class Alarms {
 public:
  // Switchboard::ring() comes after the delay. No effect while that alarm is set already.
  virtual void arm(Alarm alarm, std::chrono::milliseconds delay) = 0;

 protected:
  ~Alarms() = default;
};

class Switchboard {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using MakeLink = std::function<std::shared_ptr<Link>(Descriptor)>;

  // All but the inbox must outlive the switchboard.
  Switchboard(const HubOptions& options, Backend& backend, std::shared_ptr<Inbox> inbox, Alarms& alarms,
              MakeLink make_link);
  ~Switchboard();

  // Live delivery begins behind this event.
  void begin(std::uint64_t head);
  void handle(std::vector<Command> commands);
  void ring(Alarm alarm);
  void close_all(std::uint16_t code);
  // Closed links whose peer has not answered until now.
  void abort_links();

  // [any-thread]
  HubStats stats() const;
  std::size_t connections() const { return connection_count_.load(std::memory_order_relaxed); }
  Presence presence(std::int64_t user_id) const { return presence_.presence(user_id); }

  // For connections.
  const HubOptions& options() const { return options_; }
  Backend& backend() { return backend_; }
  const std::shared_ptr<Inbox>& inbox() { return inbox_; }
  Channels& channels() { return channels_; }
  PresenceBook& presence_book() { return presence_; }
  // The last event that was handed to the connections.
  std::uint64_t seen() const { return seen_; }
  // The connection is this user's from now on; false when the user has too many, or when the session has
  // ended.
  bool assign(Connection& connection, const Member& member);
  bool has_ended(const std::string& session_id) const { return ended_.contains(session_id); }
  // Sent at the end of this turn, or joined with others at the next tick.
  void flush_later(Connection& connection);
  void drop(Connection& connection, std::uint16_t code);
  void drop_slow(Connection& connection);
  // The peer is gone.
  void forget(Connection& connection);
  // Connection::published() is called after every publish and at every beat.
  void watch_head(Connection& connection);

 private:
  void take(Accept& accept);
  void take(Publish& publish);
  void take(Ephemeral& ephemeral);
  void take(Revoke& revoke);
  void take(Withdraw& withdraw);
  void take(EndSession& end);
  void take(RecheckUser& recheck);
  void take(Answer& answer);

  void deliver(const EventPtr& event);
  void settle();
  void tell_watchers();
  void beat();
  void tell_presence();
  void presence_changed(std::int64_t user_id, Presence presence);
  void await_grace();
  void end_links();
  void remove(Connection& connection);
  void refuse(Descriptor socket);
  std::vector<Connection*> connections_of(std::int64_t user_id) const;
  std::vector<Connection*> all_connections() const;

  const HubOptions& options_;
  Backend& backend_;
  const std::shared_ptr<Inbox> inbox_;
  Alarms& alarms_;
  const MakeLink make_link_;

  Channels channels_;
  PresenceBook presence_;
  Audience audience_;
  std::vector<Text> frames_;  // of the present event, by set
  std::uint64_t seen_ = 0;

  std::string id_prefix_;
  std::uint64_t next_id_ = 0;
  std::unordered_map<std::string, std::shared_ptr<Connection>> connections_;
  std::unordered_map<std::int64_t, std::vector<Connection*>> users_;
  std::unordered_map<std::string, Time> ended_;  // sessions, for answers that were under way when they ended
  std::vector<std::shared_ptr<Connection>> removed_;  // destroyed when the turn is over
  std::vector<std::shared_ptr<Connection>> unsent_;
  std::vector<std::shared_ptr<Connection>> held_back_;
  std::vector<std::weak_ptr<Connection>> watchers_;
  std::deque<std::pair<Time, std::weak_ptr<Link>>> closing_;

  std::atomic<std::uint64_t> connection_count_ = 0;
  std::atomic<std::uint64_t> delivered_ = 0;
  std::atomic<std::uint64_t> dropped_slow_ = 0;
};

}  // namespace stoa::core::realtime
