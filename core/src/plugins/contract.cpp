#include "plugins/contract.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "http/utf8.hpp"
#include "log/log.hpp"
#include "plugins/background.hpp"
#include "plugins/boundary.hpp"
#include "stoa/json.hpp"

namespace stoa::core::plugins {
namespace {

constexpr std::uint64_t kBlock = 1'024;  // numbers that a thread takes at once
// A handle: a bit that no address has, the plugin's number, the count, and zeros as an aligned address has
// them.
constexpr std::uint64_t kMark = std::uint64_t{1} << 63;
constexpr unsigned kNumberAt = 48;
constexpr unsigned kLowBits = 4;
constexpr double kAllLogged = 100;  // violations of one plugin; afterwards one of so many …
constexpr std::uint64_t kOneOf = 1'000;

// Who was given handles. Plugins are few, and none is forgotten.
class Known {
 public:
  static Known& all() {
    static auto& known = *new Known;
    return known;
  }
  std::uint16_t number_of(const std::string& id, const HostParts& host) {
    const std::lock_guard lock(mutex_);
    const auto found =
        std::ranges::find_if(all_, [&](const Entry& entry) { return entry.id == id && entry.host == &host; });
    if (found != all_.end()) return static_cast<std::uint16_t>(found - all_.begin() + 1);
    all_.push_back({id, &host});
    return static_cast<std::uint16_t>(all_.size());
  }
  struct Entry {
    std::string id;
    const HostParts* host = nullptr;
  };
  Entry at(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    return number == 0 || number > all_.size() ? Entry{"unknown", nullptr} : all_[number - 1];
  }

 private:
  std::mutex mutex_;
  std::vector<Entry> all_;
};

std::uint64_t next_count() {
  static std::atomic<std::uint64_t> next_block{1};
  thread_local std::uint64_t next = 0, end = 0;
  if (next == end) {
    next = next_block.fetch_add(1, std::memory_order_relaxed) * kBlock;
    end = next + kBlock;
  }
  return next++ & ((std::uint64_t{1} << (kNumberAt - kLowBits)) - 1);
}

void note(const std::string& id, const HostParts* host, std::string_view call, std::string_view why) {
  if (host && host->jobs) {
    metrics::Cell& count = host->jobs->violations().at({id});
    count.add();
    const double so_far = count.value();
    if (so_far > kAllLogged && static_cast<std::uint64_t>(so_far) % kOneOf != 0) return;
  }
  log::error("A plugin broke the contract of stoa.h.", {{"plugin", id}, {"call", call}, {"why", why}});
}

stoa_status remember(stoa_status status, std::string_view call, std::string_view why) {
  remember_error({ErrorCode::internal, std::string(call) + ": " + std::string(why)});
  return status;
}

}  // namespace

std::uint16_t number_of(const std::string& id, const HostParts& host) {
  return Known::all().number_of(id, host);
}

Handle new_handle(const stoa_ctx& owner) {
  return kMark | (std::uint64_t{owner.number} << kNumberAt) | (next_count() << kLowBits);
}

stoa_status broken(const stoa_ctx& who, stoa_status status, std::string_view call, std::string_view why) {
  note(who.id, &who.host, call, why);
  return remember(status, call, why);
}

stoa_status stale(Handle handle, std::string_view call) {
  constexpr std::string_view kWhy = "what it was called with is over, or belongs to another thread";
  const Known::Entry owner = Known::all().at((handle & kMark) ? (handle & ~kMark) >> kNumberAt : 0);
  note(owner.id, owner.host, call, kWhy);
  return remember(STOA_E_STALE, call, kWhy);
}

bool is_whole(const stoa_error* error) {
  if (!is_whole(error, STOA_ERROR_SIZE_1_0) || (error->field_count > 0 && !error->fields)) return false;
  return std::all_of(error->fields, error->fields + error->field_count, [](const stoa_field_error* field) {
    return is_whole(field, STOA_FIELD_ERROR_SIZE_1_0);
  });
}

bool is_name(std::string_view text, std::size_t longest) {
  if (text.empty() || text.size() > longest || text[0] < 'a' || text[0] > 'z') return false;
  return std::ranges::all_of(
      text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool are_texts(const stoa_ctx& who, std::initializer_list<stoa_str> texts) {
  if (!who.host.jobs || !who.host.jobs->is_checked()) return true;
  return std::ranges::all_of(texts, [](stoa_str text) { return http::is_utf8(view(text)); });
}

bool is_json(const stoa_ctx& who, stoa_str text, bool object) {
  if (!who.host.jobs || !who.host.jobs->is_checked()) return true;
  const auto document = parse_json(view(text));
  return document && (!object || document->IsObject());
}

}  // namespace stoa::core::plugins
