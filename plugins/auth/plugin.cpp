#include <string>

#include "account_service.hpp"
#include "commands.hpp"
#include "directory.hpp"
#include "identity_provider.hpp"
#include "login_service.hpp"
#include "login_throttle.hpp"
#include "pages.hpp"
#include "password_pool.hpp"
#include "registration_routes.hpp"
#include "session_routes.hpp"
#include "session_service.hpp"
#include "settings.hpp"
#include "setup_link.hpp"
#include "stoa/stoa.hpp"
#include "user_routes.hpp"

namespace {

using namespace stoa::auth;

// A string among the host's facts, which are JSON.
std::string text_value(stoa::App& app, std::string_view key) {
  const auto value = stoa::parse_json(app.host_value(key));
  return value && value->IsString() ? std::string(value->GetString(), value->GetStringLength())
                                    : std::string();
}

// Everything this plugin is made of, wired once. Members are destroyed in reverse.
struct Plugin {
  explicit Plugin(stoa::App& host)
      : app(host),
        clock([&host] { return host.now_ms(); }),
        random([&host](std::size_t count) { return host.random_bytes(count); }),
        sessions(host.storage(), directory, settings, clock, random),
        accounts(host.storage(), directory, sessions, settings, clock),
        logins(
            host.storage(), sessions, settings, throttle, clock, [&host] { return host.monotonic_ms(); },
            [&host] { return host.host_value("limits.enabled") != "false"; }),
        identity(directory, clock),
        secure([&host] { return text_value(host, "http.public_url").rfind("https://", 0) == 0; }),
        session_routes(host, sessions, logins, accounts, pool, secure,
                       host.counter("logins_total", "Attempts to log in.", {"outcome"})),
        registration_routes(host, accounts, setup, pool, secure),
        user_routes(host, accounts) {}

  stoa::Result<void> configure(std::string_view json) {
    auto parsed = parse_settings(json);
    if (!parsed) return parsed.error();
    settings.set(std::move(*parsed));
    return {};
  }
  stoa::Result<void> start() {
    start_crypto();
    if (auto done = configure(app.settings()); !done) return done;
    if (auto done = sessions.start(text_value(app, "data_dir") + "/keys"); !done) return done;
    identity.set_tokens(&sessions.access_tokens());
    const auto is_set_up = accounts.is_set_up();
    if (!is_set_up) return is_set_up.error();
    if (!*is_set_up) app.announce("Create the first administrator:", "/setup?token=" + setup.renew(random));
    pool.start();
    return keep_house();
  }
  // Keeps sessions tidy in the background.
  stoa::Result<void> keep_house() {
    // While this generation started, the one before it still took registrations and logouts; it is drained
    // within these times.
    for (const std::uint32_t pause_ms : {2'000u, 15'000u}) {
      const auto again = app.after(pause_ms, [this](const stoa::Job&) { report(sessions.reload()); });
      if (!again) return again.error();
    }
    const auto every = app.every(60'000, [this](const stoa::Job&) { report(sessions.keep_house()); });
    if (!every) return every.error();
    return {};
  }
  void stop() {
    pool.stop();
    report(sessions.keep_house());
  }
  void report(const stoa::Result<void>& done) {
    if (!done)
      app.log(STOA_LOG_WARNING, "Sessions could not be kept in order.", {{"why", done.error().message}});
  }

  stoa::App& app;
  Clock clock;
  Random random;
  SettingsBox settings;
  Directory directory;
  LoginThrottle throttle;
  SetupLink setup;
  PasswordPool pool;
  SessionService sessions;
  AccountService accounts;
  LoginService logins;
  IdentityProvider identity;
  std::function<bool()> secure;
  SessionRoutes session_routes;
  RegistrationRoutes registration_routes;
  UserRoutes user_routes;
};

}  // namespace

STOA_PLUGIN([](stoa::App& app) {
  auto& plugin = app.own<Plugin>(app);
  app.declare_permission(kAdminPermission, stoa::Role::admin);
  app.provide(STOA_IDENTITY_ID, &plugin.identity.table());
  plugin.session_routes.add();
  plugin.registration_routes.add();
  plugin.user_routes.add();
  add_pages(app, plugin.accounts);
  add_commands(app, plugin.accounts, plugin.logins, plugin.pool);
  app.on_configure([&plugin](std::string_view settings) { return plugin.configure(settings); });
  app.on_start([&plugin] { return plugin.start(); });
  app.on_stop([&plugin] { plugin.stop(); });
});
