// The settings of the plugin's manifest, changeable while it runs.
#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>

#include "flood.hpp"
#include "stoa/result.hpp"

namespace stoa::chat {

struct Settings {
  std::int64_t message_length = 6'000;  // characters
  std::int64_t group_size = 20;         // people
  FloodRule messages{20, 10'000};
  FloodRule conversations{30, 3'600'000};
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

}  // namespace stoa::chat
