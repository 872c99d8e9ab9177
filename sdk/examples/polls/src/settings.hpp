// What the operator has set, changed while it runs.
#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>

namespace stoa::polls {

struct Settings {
  std::int64_t max_options = 0;
  std::int64_t max_days = 0;
  bool change_votes = false;
};

// [any-thread]
class SettingsHolder {
 public:
  // The JSON has been checked against the schema in plugin.json.
  void set(std::string_view json);
  Settings get() const;

 private:
  mutable std::mutex mutex_;
  Settings settings_;
};

}  // namespace stoa::polls
