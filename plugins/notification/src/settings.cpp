#include "settings.hpp"

#include "stoa/json.hpp"

namespace stoa::notification {

Result<Settings> parse_settings(std::string_view json) {
  const auto document = parse_json(json);
  if (!document) return document.error();
  if (!document->IsObject()) return Error{ErrorCode::malformed, "The settings are not an object."};
  Settings settings;
  const auto read = [&](const char* name, std::int64_t& out) {
    const auto member = document->FindMember(name);
    if (member != document->MemberEnd() && member->value.IsInt64()) out = member->value.GetInt64();
  };
  std::int64_t minutes = settings.votes.window_ms / 60'000;
  read("kept_per_user", settings.kept_per_user);
  read("vote_group_size", settings.votes.size);
  read("vote_group_minutes", minutes);
  settings.votes.window_ms = minutes * 60'000;
  return settings;
}

}  // namespace stoa::notification
