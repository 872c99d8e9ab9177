#include "metrics/registry.hpp"

#include <algorithm>

namespace stoa::core::metrics {

Family& Registry::add(Description description) {
  const std::lock_guard lock(mutex_);
  return *own_.emplace_back(std::make_unique<Family>(std::move(description)));
}

void Registry::add_source(std::function<void(Text&)> source) {
  const std::lock_guard lock(mutex_);
  sources_.push_back(std::move(source));
}

std::shared_ptr<Family> Registry::make(Description description) {
  const std::lock_guard lock(mutex_);
  const auto same = shown_.find(description.name);
  if (same != shown_.end() && same->second.back().family->description().is_like(description))
    return same->second.back().family;
  return std::make_shared<Family>(std::move(description));
}

void Registry::show(const Families& families) {
  const std::lock_guard lock(mutex_);
  for (const auto& family : families) {
    std::vector<Shown>& all = shown_[family->description().name];
    const auto entry = std::ranges::find(all, family, &Shown::family);
    if (entry == all.end()) {
      all.push_back({family, 1});
    } else {
      ++entry->times;
    }
  }
}

void Registry::hide(const Families& families) {
  const std::lock_guard lock(mutex_);
  for (const auto& family : families) {
    const auto named = shown_.find(family->description().name);
    if (named == shown_.end()) continue;
    const auto entry = std::ranges::find(named->second, family, &Shown::family);
    if (entry == named->second.end() || --entry->times > 0) continue;
    named->second.erase(entry);
    if (named->second.empty()) shown_.erase(named);
  }
}

std::string Registry::text() const {
  std::vector<std::function<void(Text&)>> sources;
  Text text;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& family : own_) family->write(text);
    for (const auto& [name, all] : shown_) all.back().family->write(text);
    sources = sources_;
  }
  for (const auto& source : sources) source(text);
  return text.take();
}

}  // namespace stoa::core::metrics
