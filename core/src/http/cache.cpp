#include "http/cache.hpp"

#include <algorithm>

namespace stoa::core::http {

namespace {
constexpr std::size_t kRememberedDrops = 100'000;

std::size_t bytes_of(const Representation& one) {
  return one.body ? one.body->size() + one.head->size() + one.etag.size() + 128 : 0;
}

}  // namespace

const Representation& CachedAnswer::in(Coding coding) const {
  const Representation& wanted = representations[static_cast<std::size_t>(coding)];
  return wanted.body ? wanted : representations[0];
}

CachedAnswerPtr Cache::find(std::string_view key) {
  if (max_bytes_ == 0) return nullptr;
  std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    ++misses_;
    return nullptr;
  }
  ++hits_;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->answer;
}

bool Cache::fill(std::string_view key, CachedAnswerPtr answer, std::vector<std::string> tags,
                 std::uint64_t stamp) {
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  std::size_t bytes = sizeof(Entry) + sizeof(CachedAnswer) + key.size() + 256;
  for (const auto& [name, value] : answer->fields) bytes += name.size() + value.size() + 64;
  for (const Representation& one : answer->representations) bytes += bytes_of(one);
  for (const std::string& tag : tags) bytes += 2 * tag.size() + 64;
  if (bytes > max_bytes_ / 8) return false;
  std::lock_guard lock(mutex_);
  if (stamp < floor_) return false;
  for (const std::string& tag : tags) {
    const auto drop = dropped_.find(tag);
    if (drop != dropped_.end() && drop->second > stamp) return false;
  }
  if (const auto old = by_key_.find(key); old != by_key_.end()) {
    // What is in it already keeps its codings.
    const CachedAnswer& before = *old->second->answer;
    if (before.representations[0].etag == answer->representations[0].etag &&
        before.fields == answer->fields && old->second->tags == tags)
      return true;
    remove(old->second);
  }
  while (bytes_ + bytes > max_bytes_) remove(std::prev(entries_.end()));
  entries_.push_front(Entry{std::string(key), std::move(answer), std::move(tags), bytes});
  bytes_ += bytes;
  const std::string_view kept = entries_.front().key;
  by_key_.emplace(kept, entries_.begin());
  for (const std::string& tag : entries_.front().tags) by_tag_[tag].push_back(kept);
  return true;
}

void Cache::drop(const std::vector<std::string>& tags) {
  if (max_bytes_ == 0) return;
  std::lock_guard lock(mutex_);
  const std::uint64_t now = clock_.fetch_add(1, std::memory_order_acq_rel) + 1;
  for (const std::string& tag : tags) {
    dropped_[tag] = now;
    const auto tagged = by_tag_.find(tag);
    if (tagged == by_tag_.end()) continue;
    const std::vector<std::string_view> keys = tagged->second;
    for (std::string_view key : keys) {
      const auto entry = by_key_.find(key);
      if (entry != by_key_.end()) remove(entry->second);
    }
  }
  if (dropped_.size() > kRememberedDrops) {
    dropped_.clear();
    floor_ = now;
  }
}

void Cache::clear() {
  std::lock_guard lock(mutex_);
  floor_ = clock_.fetch_add(1, std::memory_order_acq_rel) + 1;
  dropped_.clear();
  by_key_.clear();
  by_tag_.clear();
  entries_.clear();
  bytes_ = 0;
}

void Cache::remove(Place place) {
  for (const std::string& tag : place->tags) {
    const auto tagged = by_tag_.find(tag);
    if (tagged == by_tag_.end()) continue;
    auto& keys = tagged->second;
    keys.erase(std::remove(keys.begin(), keys.end(), std::string_view(place->key)), keys.end());
    if (keys.empty()) by_tag_.erase(tagged);
  }
  by_key_.erase(place->key);
  bytes_ -= place->bytes;
  entries_.erase(place);
}

// Adding a coding makes another CachedAnswer of the same body.
Cache::Place Cache::place_of(std::string_view key, const CachedAnswer& answer) {
  const auto found = by_key_.find(key);
  const bool is_kept = found != by_key_.end() &&
                       found->second->answer->representations[0].body == answer.representations[0].body;
  return is_kept ? found->second : entries_.end();
}

bool Cache::claim(std::string_view key, const CachedAnswer& answer, Coding coding) {
  const unsigned bit = 1u << static_cast<unsigned>(coding);
  std::lock_guard lock(mutex_);
  const Place place = place_of(key, answer);
  if (place == entries_.end() || (place->claimed & bit) != 0) return false;
  place->claimed |= bit;
  return true;
}

void Cache::add(std::string_view key, const CachedAnswer& answer, Coding coding,
                Representation representation) {
  const std::size_t more = bytes_of(representation);
  std::lock_guard lock(mutex_);
  const Place place = place_of(key, answer);
  if (place == entries_.end() || place->bytes + more > max_bytes_ / 8) return;
  entries_.splice(entries_.begin(), entries_, place);
  while (bytes_ + more > max_bytes_) remove(std::prev(entries_.end()));
  auto fuller = std::make_shared<CachedAnswer>(*place->answer);
  fuller->representations[static_cast<std::size_t>(coding)] = std::move(representation);
  place->answer = std::move(fuller);
  place->bytes += more;
  bytes_ += more;
}

Cache::Stats Cache::stats() const {
  std::lock_guard lock(mutex_);
  return {hits_, misses_, entries_.size(), bytes_};
}

}  // namespace stoa::core::http
