// The plugin's settings, as of plugin.json.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "stoa/result.hpp"

namespace stoa::auth {

struct Settings {
  bool registration_open = true;
  std::set<std::string, std::less<>> required_fields;
  std::set<std::string, std::less<>> reserved_nicknames;  // folded
  std::size_t nickname_min = 3;
  std::size_t nickname_max = 20;
  std::size_t password_min = 10;
  std::size_t admin_password_min = 15;
  std::int64_t access_seconds = 15 * 60;
  std::int64_t refresh_seconds = 30 * 86'400;
  int logins_per_minute = 6;
  int logins_per_hour = 30;
  int login_failures = 5;
};

// Error: validation. Members that are missing keep their defaults.
Result<Settings> parse_settings(std::string_view json);

// The settings of now. [any-thread]
class SettingsBox {
 public:
  std::shared_ptr<const Settings> get() const {
    std::lock_guard lock(mutex_);
    return current_;
  }
  void set(Settings settings) {
    auto next = std::make_shared<const Settings>(std::move(settings));
    std::lock_guard lock(mutex_);
    current_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Settings> current_ = std::make_shared<const Settings>();
};

}  // namespace stoa::auth
