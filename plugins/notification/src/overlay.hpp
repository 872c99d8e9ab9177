// The filter "posts.state/1": adds how much of each post the reader wants to hear.
#pragma once

#include <string_view>

#include "notification_service.hpp"
#include "stoa/app.hpp"

namespace stoa::notification {

// [worker] payload: {"user_id":…,"items":[{"id":…,"subscription":…,…}]}.
Verdict add_subscriptions(NotificationService& service, std::string_view payload);

}  // namespace stoa::notification
