// What people want to hear of: preferences by type, subscriptions by post. One method for each statement.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::notification::choice_repository {

Result<Preference> preference(Tx& tx, UserId user, Type type);
// Those that were ever set.
Result<std::map<Type, Preference>> preferences(Tx& tx, UserId user);
Result<void> set_preference(Tx& tx, UserId user, Type type, Preference preference);

Result<Level> level(Tx& tx, std::int64_t post, UserId user);
Result<void> set_level(Tx& tx, std::int64_t post, UserId user, Level level);
Result<void> clear_level(Tx& tx, std::int64_t post, UserId user);
Result<std::vector<UserId>> watchers(Tx& tx, std::int64_t post);

}  // namespace stoa::notification::choice_repository
