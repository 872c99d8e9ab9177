#include "settings.hpp"

#include "stoa/json.hpp"

namespace stoa::chat {

Result<Settings> parse_settings(std::string_view json) {
  const auto document = parse_json(json);
  if (!document) return document.error();
  if (!document->IsObject()) return Error{ErrorCode::malformed, "The settings are not an object."};
  Settings settings;
  const auto read = [&](const char* name, std::int64_t& out) {
    const auto member = document->FindMember(name);
    if (member != document->MemberEnd() && member->value.IsInt64()) out = member->value.GetInt64();
  };
  std::int64_t flood_seconds = settings.messages.period_ms / 1'000;
  read("message_length", settings.message_length);
  read("group_size", settings.group_size);
  read("flood_messages", settings.messages.count);
  read("flood_seconds", flood_seconds);
  read("conversations_per_hour", settings.conversations.count);
  settings.messages.period_ms = flood_seconds * 1'000;
  return settings;
}

}  // namespace stoa::chat
