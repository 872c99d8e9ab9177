// The routes of notifications: JSON in, JSON out.
#pragma once

#include "notification_service.hpp"
#include "stoa/app.hpp"

namespace stoa::notification {

class NotificationRoutes {
 public:
  explicit NotificationRoutes(NotificationService& service) : service_(service) {}

  Response list(Request& request);
  Response unread(Request& request);
  Response mark_read(Request& request);
  Response remove(Request& request);
  Response preferences(Request& request);
  Response choose(Request& request);
  Response subscribe(Request& request);

 private:
  NotificationService& service_;
};

}  // namespace stoa::notification
