// An entry of the event log, the one order everybody shares.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace stoa::core {

// What a plugin wants written in its transaction.
struct NewEvent {
  std::string type;     // "posts.comment.created"; begins with the owner's id and a dot
  std::string subject;  // "comment:17", scoped to the owner; may be empty
  // Its audience; empty only for events meant for durable subscribers alone. No line breaks in a name.
  std::vector<std::string> channels;
  std::string data;  // a JSON object
};

struct Event {
  std::uint64_t seq = 0;  // strictly rising in commit order, never reused
  std::int64_t time_ms = 0;
  std::string owner;  // plugin id, or "core"
  std::string type;
  std::string subject;
  std::vector<std::string> channels;
  std::string data;  // "{}" once its subject was redacted
};

using EventPtr = std::shared_ptr<const Event>;

}  // namespace stoa::core
