// The settings of the plugin's manifest, changeable while it runs.
#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>

#include "stoa/result.hpp"
#include "vote_group.hpp"

namespace stoa::notification {

struct Settings {
  std::int64_t kept_per_user = 1'000;
  VoteRule votes;
};

// The host has checked them against the schema and filled in defaults. Error: malformed.
Result<Settings> parse_settings(std::string_view json);

// [any-thread]
class CurrentSettings {
 public:
  Settings get() const {
    std::lock_guard lock(mutex_);
    return settings_;
  }
  void set(const Settings& settings) {
    std::lock_guard lock(mutex_);
    settings_ = settings;
  }

 private:
  mutable std::mutex mutex_;
  Settings settings_;
};

}  // namespace stoa::notification
