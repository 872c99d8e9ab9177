// What people do with their notifications, and what they want to be told.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "inbox.hpp"
#include "stoa/list.hpp"

namespace stoa::notification {

using Preferences = std::map<Type, Preference>;  // one for each type

// [worker]
class NotificationService {
 public:
  NotificationService(Storage storage, Inbox& inbox) : storage_(storage), inbox_(inbox) {}

  struct List {
    std::vector<View> items;
    People people;
    std::optional<Place> next;
    std::uint64_t seq = 0;
  };
  // Newest first. Places have two keys.
  Result<List> list(UserId me, bool unread_only, const ListQuery& query);
  struct Count {
    std::int64_t unread = 0;
    std::uint64_t seq = 0;
  };
  Result<Count> unread(UserId me);

  // Ids of others, and of what is read already, change nothing.
  Result<void> mark_read(UserId me, const std::vector<NotificationId>& ids);
  // That one and all with lower ids.
  Result<void> mark_read_up_to(UserId me, NotificationId last);
  Result<void> mark_all_read(UserId me);
  // Error: not_found.
  Result<void> remove(UserId me, NotificationId id);

  Result<Preferences> preferences(UserId me);
  struct Choice {
    Type type = Type::comment;
    std::optional<bool> in_app;
    std::optional<bool> email;
  };
  // What is not chosen stays. Returns all.
  Result<Preferences> choose(UserId me, const std::vector<Choice>& choices);

  Result<void> subscribe(UserId me, std::int64_t post, Level level);
  // One for each post, in order.
  Result<std::vector<Level>> levels(UserId me, const std::vector<std::int64_t>& posts);

 private:
  Result<void> mark_read_up_to(UserId me, NotificationId last, bool all);

  Storage storage_;
  Inbox& inbox_;
};

}  // namespace stoa::notification
