#include "people.hpp"

#include <algorithm>

namespace stoa::posts {
namespace {

Error unavailable() {
  return {ErrorCode::unavailable, "Accounts are not available now."};
}

}  // namespace

Result<Names> People::named(std::vector<UserId> ids) const {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  auto found = identity_.lookup(ids);
  if (!found) return unavailable();
  return found;
}

Result<std::optional<Profile>> People::by_nickname(std::string_view nickname) const {
  auto found = identity_.find({std::string(nickname)});
  if (!found) return unavailable();
  if (found->empty()) return std::optional<Profile>();
  return std::optional<Profile>(std::move(found->front()));
}

Result<std::optional<Profile>> People::by_id(UserId id) const {
  auto found = identity_.lookup(id);
  if (!found) return unavailable();
  return found;
}

Result<std::vector<UserId>> People::ids_of(const std::vector<std::string>& nicknames) const {
  if (nicknames.empty()) return std::vector<UserId>();
  const auto found = identity_.find(nicknames);
  if (!found) return unavailable();
  std::vector<UserId> ids;
  for (const Profile& profile : *found) ids.push_back(profile.id);
  return ids;
}

bool People::knows(std::string_view nickname) const {
  const auto found = identity_.find({std::string(nickname)});
  return found && !found->empty();
}

std::string_view nickname_of(const Names& names, UserId id) {
  const auto known = names.find(id);
  return known == names.end() ? std::string_view("[deleted]") : std::string_view(known->second.nickname);
}

void write_person(Json& json, const Names& names, UserId id) {
  const auto known = names.find(id);
  json.begin_object().field("id", id).field("nickname", nickname_of(names, id)).key("avatar_url");
  if (known == names.end() || known->second.avatar_url.empty()) {
    json.value(nullptr);
  } else {
    json.value(known->second.avatar_url);
  }
  json.end_object();
}

}  // namespace stoa::posts
