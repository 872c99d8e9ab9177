#include "settings.hpp"

#include <stoa/json.hpp>

namespace stoa::polls {

void SettingsHolder::set(std::string_view json) {
  const auto document = parse_json(json);
  const auto& object = document.value();
  const std::lock_guard<std::mutex> lock(mutex_);
  settings_ = {object["max_options"].GetInt64(), object["max_days"].GetInt64(), object["change_votes"].GetBool()};
}

Settings SettingsHolder::get() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return settings_;
}

}  // namespace stoa::polls
