// Notifications: what happened to what is mine. What the plugin is, as one list.
#include "notification_routes.hpp"
#include "overlay.hpp"
#include "stoa/stoa.hpp"
#include "subscriber.hpp"

STOA_PLUGIN([](stoa::App& app) {
  using namespace stoa;
  using namespace stoa::notification;

  auto& settings = app.own<CurrentSettings>();
  const auto configure = [&settings](std::string_view json) -> Result<void> {
    const auto parsed = parse_settings(json);
    if (!parsed) return parsed.error();
    settings.set(*parsed);
    return {};
  };
  app.on_start([&app, configure] { return configure(app.settings()); });
  app.on_configure(configure);

  auto& inbox = app.own<Inbox>(Identity(app.host()), settings);
  auto& posts = app.own<PostReactions>(inbox, settings);
  auto& chat = app.own<ChatReactions>(inbox);
  auto& subscriber = app.own<Subscriber>(posts, chat);
  app.subscribe_durable("inbox", Subscriber::types(), false,
                        [&](Tx& tx, const Event& event) { return subscriber.apply(tx, event); });

  auto& service = app.own<NotificationService>(app.storage(), inbox);
  auto& routes = app.own<NotificationRoutes>(service);
  app.get("/api/v1/notifications", Auth::user, [&](Request& r) { return routes.list(r); });
  app.get("/api/v1/notifications/unread", Auth::user, [&](Request& r) { return routes.unread(r); });
  app.put("/api/v1/notifications/read", Auth::user, [&](Request& r) { return routes.mark_read(r); });
  app.del("/api/v1/notifications/{id:int}", Auth::user, [&](Request& r) { return routes.remove(r); });
  app.get("/api/v1/notifications/preferences", Auth::user, [&](Request& r) { return routes.preferences(r); });
  app.put("/api/v1/notifications/preferences", Auth::user, [&](Request& r) { return routes.choose(r); });
  app.put("/api/v1/notifications/subscriptions/{post_id:int}", Auth::user,
          [&](Request& r) { return routes.subscribe(r); });

  app.filter("posts.state/1", 0, STOA_HOOK_OPEN,
             [&](std::string_view payload) { return add_subscriptions(service, payload); });

  app.page("/notifications", "notification.list", [](Request&) {
    Page page;
    page.title = "Notifications";
    page.html = "<h1>Notifications</h1>";
    return page;
  });
});
