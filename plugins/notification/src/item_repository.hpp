// Notifications, who acted in them, and the counters: one method for each statement.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::notification::item_repository {

// `item.id` does not count.
Result<NotificationId> insert(Tx& tx, const Item& item);
// Of that user, and not hidden.
Result<std::optional<Item>> find(Tx& tx, NotificationId id, UserId user);
Result<std::optional<Item>> find_newest(Tx& tx, UserId user, Type type, Kind kind, std::int64_t subject);
Result<std::vector<Item>> find_with_actor(Tx& tx, UserId user, Type type, Kind kind, std::int64_t subject,
                                          UserId actor);
// Whether the user has any about that subject.
Result<bool> has(Tx& tx, Kind kind, std::int64_t subject, UserId user);
// Not hidden, newest first, those after that place.
Result<std::vector<Item>> list(Tx& tx, UserId user, bool unread_only, std::int64_t updated_at,
                               NotificationId id, std::int64_t limit);
// Title, count, state, time, alerts and last part.
Result<void> update(Tx& tx, const Item& item);
Result<void> remove(Tx& tx, NotificationId id);

Result<std::vector<Entry>> list_oldest(Tx& tx, UserId user, std::int64_t limit);
// By user.
Result<std::vector<Entry>> list_of_post(Tx& tx, std::int64_t post);
Result<std::vector<Entry>> list_of_subject(Tx& tx, Kind kind, std::int64_t subject);

// How many became read.
Result<std::int64_t> mark_read(Tx& tx, NotificationId id, UserId user);
Result<std::int64_t> mark_read_up_to(Tx& tx, UserId user, NotificationId last);
// About the post itself and its comments up to that one; which became read.
Result<std::vector<NotificationId>> mark_post_read(Tx& tx, std::int64_t post, UserId user,
                                                   std::int64_t comment);
Result<void> retitle_post(Tx& tx, std::int64_t post, std::string_view title);

// Once more, at that event.
Result<void> add_actor(Tx& tx, NotificationId id, UserId actor, std::uint64_t seq);
Result<void> remove_actor(Tx& tx, NotificationId id, UserId actor);
Result<void> remove_actors(Tx& tx, NotificationId id);
// Once less.
Result<void> take_part(Tx& tx, NotificationId id, UserId actor);
// Unless there is nobody else.
Result<void> remove_idle_actor(Tx& tx, NotificationId id, UserId actor);
// The last first.
Result<std::vector<UserId>> list_actors(Tx& tx, NotificationId id, std::int64_t limit);

struct Counters {
  std::int64_t unread = 0;
  std::int64_t kept = 0;
};
// Adds to both; what they are now.
Result<Counters> count(Tx& tx, UserId user, std::int64_t unread, std::int64_t kept);
Result<std::int64_t> unread(Tx& tx, UserId user);

// False: was told before.
Result<bool> tell_once(Tx& tx, Kind kind, std::int64_t subject, UserId user);

}  // namespace stoa::notification::item_repository
