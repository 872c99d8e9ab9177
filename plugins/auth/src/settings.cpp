#include "settings.hpp"

#include "names.hpp"
#include "stoa/json.hpp"

namespace stoa::auth {

Result<Settings> parse_settings(std::string_view json) {
  auto fields = Fields::parse(json);
  if (!fields) return fields.error();
  Settings settings;
  if (const auto text = fields->optional_text("registration", {1, 16})) {
    settings.registration_open = *text == "open";
  }
  if (const auto names = fields->optional_texts("required_fields", 4, {1, 32})) {
    settings.required_fields = {names->begin(), names->end()};
  }
  if (const auto names = fields->optional_texts("reserved_nicknames", 1'000, {0, 64})) {
    for (const std::string& name : *names) settings.reserved_nicknames.insert(fold(name));
  }
  const auto number = [&](std::string_view name, std::int64_t max, auto& target, std::int64_t factor = 1) {
    if (const auto value = fields->optional_integer(name, 1, max))
      target = static_cast<std::decay_t<decltype(target)>>(*value * factor);
  };
  number("nickname_min_length", 20, settings.nickname_min);
  number("nickname_max_length", 64, settings.nickname_max);
  number("password_min_length", 128, settings.password_min);
  number("admin_password_min_length", 128, settings.admin_password_min);
  number("access_minutes", 1'440, settings.access_seconds, 60);
  number("refresh_days", 365, settings.refresh_seconds, 86'400);
  number("logins_per_minute", 100'000, settings.logins_per_minute);
  number("logins_per_hour", 1'000'000, settings.logins_per_hour);
  number("login_failures", 1'000, settings.login_failures);
  if (settings.nickname_min > settings.nickname_max)
    fields->reject("nickname_min_length", "out_of_range", "must not be above nickname_max_length");
  if (auto ok = fields->finish(); !ok) return ok.error();
  return settings;
}

}  // namespace stoa::auth
