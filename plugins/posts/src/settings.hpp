// The plugin's settings, see plugin.json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "stoa/result.hpp"

namespace stoa::posts {

struct Settings {
  std::size_t title_min_length = 3;
  std::size_t title_max_length = 255;
  std::size_t body_max_length = 32'000;
  std::size_t comment_max_length = 32'000;
  std::size_t max_categories = 5;
  std::size_t max_tags = 5;
  std::size_t tag_max_length = 20;
  std::int64_t silent_edit_s = 300;
  std::int64_t author_edit_days = 30;
  std::int64_t post_interval_s = 15;
  std::int64_t comment_interval_s = 5;
  std::int64_t same_text_s = 300;
  std::int64_t newcomer_hours = 24;
  std::int64_t newcomer_posts = 3;
  std::int64_t newcomer_comments = 10;
};

// The host has checked them against the schema and filled the defaults in.
Result<Settings> read_settings(std::string_view json);

// [any-thread] The present settings.
class SettingsHolder {
 public:
  std::shared_ptr<const Settings> get() const {
    const std::lock_guard lock(mutex_);
    return settings_;
  }
  void set(Settings settings) {
    auto next = std::make_shared<const Settings>(settings);
    const std::lock_guard lock(mutex_);
    settings_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Settings> settings_ = std::make_shared<const Settings>();
};

}  // namespace stoa::posts
