// The WebSocket hub: connections, channels, sequences, resume. Runs on its own thread; runs no plugin code:
// it asks its backend, which answers later from any thread. No Beast here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/event.hpp"

namespace stoa::core::realtime {

struct Member {
  std::int64_t user_id = 0;
  std::string nickname;
  std::string role;  // "member", "moderator", "admin"
  std::string session_id;
};

enum class Verdict : std::uint8_t { allowed, unauthenticated, forbidden, not_found, plugin_disabled };

enum class Presence : std::uint8_t { offline, away, online };

// A message of a client for the plugin that owns its channel.
struct ClientOperation {
  std::string connection;
  std::optional<Member> member;
  std::string op;
  std::string channel;
  std::string message;  // the whole frame, a JSON object
};

// What the hub asks of the host. Calls come on the hub's thread and must return at once; `done` may be called
// from any thread, once, also never (the connection just waits).
class Backend {
 public:
  virtual ~Backend() = default;
  virtual void authenticate(std::string token, std::function<void(std::optional<Member>)> done) = 0;
  // One verdict for each channel, in order.
  virtual void authorize(std::optional<Member> member, std::vector<std::string> channels,
                         std::function<void(std::vector<Verdict>)> done) = 0;
  // The connection has joined the channel. done: problem document of a refusal, or empty.
  virtual void operate(ClientOperation operation, std::function<void(std::string problem)> done) = 0;
  struct Replay {
    std::vector<EventPtr> events;  // rising
    bool more = false;
    bool trimmed = false;
    bool failed = false;  // storage is not there now
  };
  virtual void replay(std::vector<std::string> channels, std::uint64_t since, std::uint64_t until,
                      std::size_t limit, std::function<void(Replay)> done) = 0;
  virtual std::uint64_t head() = 0;  // [any-thread] last published seq
  // [hub] Somebody's first connection came, the last one went for good (after the grace), or away changed.
  virtual void presence_changed(std::int64_t user_id, Presence presence) = 0;
  // [hub] The problem document (JSON object) for that type name: "malformed", "unauthenticated", "forbidden",
  // "not-found", "plugin-disabled", "conflict", "validation" or "overloaded".
  virtual std::string problem(std::string_view type, std::string_view detail) = 0;
};

struct HubOptions {
  std::chrono::milliseconds heartbeat{30'000};  // ping; none answered within two of them: 4408
  std::chrono::milliseconds presence_grace{30'000};
  std::chrono::milliseconds presence_tick{1'000};  // joined differences on the channel "presence"
  std::size_t frame_limit = 64 * 1024;             // bytes of a client's message; beyond: 4413
  std::size_t backlog_messages = 256;              // waiting for a slow reader; beyond: 4429
  std::size_t backlog_bytes = 256 * 1024;
  std::size_t channels_per_connection = 256;
  int frames_per_10s = 300;  // from one client; beyond: 4429. 0: no limit
  std::size_t max_connections = 12'000;
  std::size_t connections_per_user = 64;
  std::size_t replay_limit = 1'000;  // longer stretches: resync
};

struct HubStats {
  std::uint64_t connections = 0, channels = 0, delivered = 0, dropped_slow = 0;
};

class Hub {
 public:
  static std::unique_ptr<Hub> create(HubOptions options, Backend& backend);
  virtual ~Hub() = default;
  // [lifecycle] Once. Live delivery begins behind Backend::head(); publish() skips what is not behind it.
  virtual void start() = 0;
  // [lifecycle] Closes every connection with that code and waits for the thread, at most about half a second
  // for peers that do not answer. Idempotent. What is asked of the hub afterwards is dropped.
  virtual void stop(std::uint16_t close_code) = 0;

  // [any-thread] Takes over a socket whose request asked for a WebSocket. `request` is the head as received
  // (ends with an empty line), `leftover` what was read past it. The descriptor is the hub's from here on, in
  // any case. With a member the op "auth" is refused.
  virtual void accept(int fd, std::string request, std::string leftover, std::optional<Member> member) = 0;

  // [any-thread] In order of the calls; each call's events rise and follow those of the call before.
  virtual void publish(std::vector<EventPtr> events) = 0;
  // [any-thread] Not stored, not echoed to that connection (empty: to all); dropped first for slow readers.
  virtual void ephemeral(std::string channel, std::string type, std::string data,
                         std::string except_connection) = 0;
  // [any-thread] Ordered with publish: later events are not delivered to that user on that channel.
  virtual void revoke(std::string channel, std::int64_t user_id) = 0;
  // [any-thread] Everybody's subscriptions to channels that begin with the prefix, or, when it does not end
  // with a colon, are equal to it: "unsubscribed".
  virtual void withdraw(std::string prefix, std::string reason) = 0;
  // [any-thread] Closes all sockets of the session with 4401.
  virtual void end_session(std::string session_id) = 0;
  // [any-thread] Role or nickname changed, or suspended: asks the backend again for every joined channel.
  virtual void recheck_user(std::int64_t user_id) = 0;
  // [any-thread]
  virtual Presence presence(std::int64_t user_id) const = 0;
  virtual HubStats stats() const = 0;
  // [any-thread] Open now.
  virtual std::size_t connections() const = 0;
};

}  // namespace stoa::core::realtime
