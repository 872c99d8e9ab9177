// What a notification is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stoa/id.hpp"

namespace stoa::notification {

using NotificationId = Id<struct NotificationTag>;

enum class Type { comment, reply, mention, vote, message, moderation };
inline constexpr std::array kTypes{Type::comment, Type::reply,   Type::mention,
                                   Type::vote,    Type::message, Type::moderation};
std::string_view to_string(Type type);
std::optional<Type> type_of(std::string_view name);

enum class Kind { post, comment, conversation, user };
std::string_view to_string(Kind kind);
std::optional<Kind> kind_of(std::string_view name);

// What a notification is about.
struct Subject {
  Kind kind = Kind::post;
  std::int64_t id = 0;
  std::optional<std::int64_t> post;  // the post it is or lies in
  std::string title;                 // empty: named after who acted
  std::string url;                   // path in the browser application
};

enum class State : std::int64_t { unread = 0, read = 1, hidden = 2 };

// Times are milliseconds since 1970.
struct Item {
  NotificationId id;
  UserId user;
  Type type = Type::comment;
  Subject subject;
  std::int64_t count = 1;
  State state = State::unread;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;
  // Of a group of votes: when it was opened, and how often it called for attention.
  std::int64_t started_at = 0;
  std::int64_t alerts = 1;
  std::int64_t last_part = 0;  // of a conversation: its newest message
};

// An item as far as counters need it.
struct Entry {
  NotificationId id;
  UserId user;
  State state = State::unread;
};

struct Preference {
  bool in_app = true;
  bool email = false;
};

// How much of a post somebody wants to hear.
enum class Level { watching, normal, muted };
std::string_view to_string(Level level);
std::optional<Level> level_of(std::string_view name);

}  // namespace stoa::notification
