// Notifications as JSON: in answers and in events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model.hpp"
#include "stoa/identity.hpp"
#include "stoa/json.hpp"

namespace stoa::notification {

using People = std::unordered_map<UserId, Profile>;

// A notification with those who acted last, the last first.
struct View {
  Item item;
  std::vector<UserId> actors;
};

void write_view(Json& json, const View& view, const People& people);

// Data of notification.created and .updated. `replaces`: an earlier notification that is gone.
std::string view_event(const View& view, const People& people, std::int64_t unread,
                       std::optional<NotificationId> replaces);
// Data of notification.read. `deleted`: they are gone altogether.
std::string read_event(const std::vector<NotificationId>& ids, bool deleted, std::int64_t unread);
std::string read_up_to_event(NotificationId up_to, std::int64_t unread);
std::string read_all_event(std::int64_t unread);

}  // namespace stoa::notification
