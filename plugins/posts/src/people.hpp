// The users, as posts need them: from the identity service, never from a join.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "stoa/identity.hpp"
#include "stoa/json.hpp"

namespace stoa::posts {

using Names = std::unordered_map<UserId, Profile>;

// [any-thread, from start on] Answers from memory. Error: unavailable, without an identity provider.
class People {
 public:
  explicit People(const Identity& identity) : identity_(identity) {}

  Result<Names> named(std::vector<UserId> ids) const;
  Result<std::optional<Profile>> by_nickname(std::string_view nickname) const;
  Result<std::optional<Profile>> by_id(UserId id) const;
  Result<std::vector<UserId>> ids_of(const std::vector<std::string>& nicknames) const;
  bool knows(std::string_view nickname) const;

 private:
  const Identity& identity_;
};

// {"id":…,"nickname":…,"avatar_url":…}; a user who is no more is called "[deleted]".
void write_person(Json& json, const Names& names, UserId id);

// "[deleted]" for one who is no more.
std::string_view nickname_of(const Names& names, UserId id);

}  // namespace stoa::posts
