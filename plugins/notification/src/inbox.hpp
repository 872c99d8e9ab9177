// Everybody's notifications as they are stored: each change keeps the counters and tells the owner, all in
// one transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "item_repository.hpp"
#include "notification_json.hpp"
#include "settings.hpp"
#include "stoa/identity.hpp"
#include "stoa/storage.hpp"

namespace stoa::notification {

// [writer] In a write closure.
class Inbox {
 public:
  Inbox(Identity identity, const CurrentSettings& settings) : identity_(identity), settings_(settings) {}

  // What somebody did, at which event.
  struct Act {
    UserId actor;
    std::uint64_t seq = 0;
    std::int64_t time_ms = 0;
  };

  // A new unread one; beyond what is kept the oldest goes. `replaces`: an earlier one that this one takes the
  // place of.
  Result<void> add(Tx& tx, UserId user, Type type, const Subject& subject, const Act& act,
                   std::int64_t last_part = 0, const std::optional<Item>& replaces = std::nullopt);
  // One more act in it; `unread`: it calls for attention (again).
  Result<void> join(Tx& tx, Item item, const Act& act, bool unread);
  // As it is now, with another state or count than `before`.
  Result<void> change(Tx& tx, const Item& before, const Item& now);
  // Keeps it out of sight; its earlier events say no more what it was.
  Result<void> hide(Tx& tx, const Item& item);
  // Gone, with all that earlier events said of them.
  Result<void> withdraw(Tx& tx, const std::vector<Entry>& entries);
  // Gone, by its owner's wish.
  Result<void> remove(Tx& tx, const Item& item);
  // `ids` became read just now.
  Result<void> tell_read(Tx& tx, UserId user, const std::vector<NotificationId>& ids);

  // [any transaction] With the last who acted.
  static Result<View> view(Tx& tx, Item item);
  Result<People> people(const std::vector<View>& views) const;

 private:
  enum class Told { created, updated };
  Result<void> tell(Tx& tx, Told told, const Item& item, std::int64_t unread,
                    std::optional<NotificationId> replaces = std::nullopt);
  Result<void> tell_gone(Tx& tx, UserId user, const std::vector<NotificationId>& ids, std::int64_t unread);
  Result<void> erase(Tx& tx, NotificationId id);
  // The counters after as many of the oldest went as are too many.
  Result<item_repository::Counters> trim(Tx& tx, UserId user, item_repository::Counters counters);

  Identity identity_;
  const CurrentSettings& settings_;
};

}  // namespace stoa::notification
