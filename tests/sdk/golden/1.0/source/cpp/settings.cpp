// Settings as the host keeps them, facts of the host, and whether this plugin is well.
#include <exception>
#include <string>

#include "conform.hpp"
#include "stoa/json.hpp"

namespace conform {
namespace {

bool greets_with(std::string_view settings, const std::string& greeting) {
  return settings.find("\"greeting\":\"" + greeting + "\"") != std::string_view::npos;
}

bool is_unknown(stoa::App& app, std::string_view key) {
  try {
    (void)app.host_value(key);
  } catch (const std::exception&) {
    return true;
  }
  return false;
}

}  // namespace

void add_settings(stoa::App& app) {
  auto& configured = app.own<Count>(0);
  auto& silent = app.own<std::atomic<bool>>(false);
  const auto take = [&silent](std::string_view settings) { silent = greets_with(settings, "Silence"); };
  app.get("/api/v1/x/conform/settings", stoa::Auth::none,
          [&app](stoa::Request&) { return stoa::json(200, app.settings()); });
  app.get("/api/v1/x/conform/configured", stoa::Auth::none, [&configured](stoa::Request&) {
    return counts({{"times", configured}});
  });
  app.get("/api/v1/x/conform/host", stoa::Auth::none, [&app](stoa::Request&) {
    stoa::Json json;
    json.begin_object().raw_field("name", app.host_value("forum.name"));
    json.raw_field("url", app.host_value("http.public_url"));
    return stoa::json(200, json.field("nothing", is_unknown(app, "conform.nothing")).end_object().take());
  });
  app.on_start([&app, take]() -> stoa::Result<void> {
    take(app.settings());
    return {};
  });
  app.on_configure([&configured, take](std::string_view settings) -> stoa::Result<void> {
    if (greets_with(settings, "Refused"))
      return stoa::Error{stoa::ErrorCode::validation, "This greeting is not wanted."};
    take(settings);
    ++configured;
    return {};
  });
  app.on_health([&silent]() -> stoa::Result<void> {
    if (silent) return stoa::Error{stoa::ErrorCode::unavailable, "There is nothing to greet with."};
    return {};
  });
}

}  // namespace conform
