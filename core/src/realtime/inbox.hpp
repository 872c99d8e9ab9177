// What other threads ask of the hub, in the order they asked.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "realtime/descriptor.hpp"
#include "realtime/hub.hpp"

namespace stoa::core::realtime {

struct Accept {
  Descriptor socket;
  std::string request;
  std::string leftover;
  std::optional<Member> member;
};
struct Publish {
  std::vector<EventPtr> events;
};
struct Ephemeral {
  std::string channel;
  std::string type;
  std::string data;
  std::string except_connection;
};
struct Revoke {
  std::string channel;
  std::int64_t user_id = 0;
};
struct Withdraw {
  std::string prefix;
  std::string reason;
};
struct EndSession {
  std::string session_id;
};
struct RecheckUser {
  std::int64_t user_id = 0;
};
// The backend answered. Must keep no connection alive: it may be dropped on any thread.
struct Answer {
  std::function<void()> deliver;
};

using Command = std::variant<Accept, Publish, Ephemeral, Revoke, Withdraw, EndSession, RecheckUser, Answer>;

// [any-thread] One queue for all of them, so that a revocation stays between the events before and after it.
class Inbox {
 public:
  // wake: called under the lock whenever the queue was empty before; must only schedule a take().
  explicit Inbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  // Dropped after close().
  void push(Command command);
  std::vector<Command> take();
  // Drops what waits. wake is not called any more once this returns.
  void close();

 private:
  std::mutex mutex_;
  std::vector<Command> waiting_;
  std::function<void()> wake_;
  bool closed_ = false;
};

}  // namespace stoa::core::realtime
