#include "model.hpp"

#include <algorithm>

namespace stoa::notification {
namespace {

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<Enum, N>& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](Enum value) { return to_string(value) == name; });
  if (found == all.end()) return std::nullopt;
  return *found;
}

}  // namespace

std::string_view to_string(Type type) {
  switch (type) {
    case Type::comment: return "comment";
    case Type::reply: return "reply";
    case Type::mention: return "mention";
    case Type::vote: return "vote";
    case Type::message: return "message";
    case Type::moderation: return "moderation";
  }
  return {};
}

std::optional<Type> type_of(std::string_view name) {
  return named(kTypes, name);
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::post: return "post";
    case Kind::comment: return "comment";
    case Kind::conversation: return "conversation";
    case Kind::user: return "user";
  }
  return {};
}

std::optional<Kind> kind_of(std::string_view name) {
  return named(std::array{Kind::post, Kind::comment, Kind::conversation, Kind::user}, name);
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::watching: return "watching";
    case Level::normal: return "normal";
    case Level::muted: return "muted";
  }
  return {};
}

std::optional<Level> level_of(std::string_view name) {
  return named(std::array{Level::watching, Level::normal, Level::muted}, name);
}

}  // namespace stoa::notification
