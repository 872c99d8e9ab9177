// What posts and comments have in common while they are written.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "people.hpp"
#include "rules.hpp"
#include "settings.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

// What the services share. Lives until the plugin is destroyed.
struct Tools {
  mutable Storage storage;
  People people;
  const SettingsHolder& settings;
  std::function<std::int64_t()> now;   // milliseconds
  std::function<bool()> limited;       // throttles and quotas are on
  std::function<void()> indexable;     // [any-thread] something new is to be indexed
  std::function<void()> settle_index;  // [worker] waits a moment until it is
};

struct Rendering {
  Text text;
  std::vector<UserId> mentions;
};

Result<Rendering> rendered(const People& people, std::string body);

// Renders again what an older renderer made.
void refresh(const People& people, Text& text);

std::string excerpt_of(std::string_view body);

// Whether the actor may write now. `Repository`: PostRepository or CommentRepository. Error: rate_limited.
template <class Repository>
Result<void> keep_pace(Repository& own, const Actor& actor, std::int64_t registered_at, std::int64_t hash,
                       std::int64_t now, const PaceLimits& limits) {
  Pace pace{.now = now, .registered_at = registered_at};
  auto last = own.last_time(actor.id);
  if (!last) return last.error();
  pace.last = *last;
  auto same = own.same_time(actor.id, hash);
  if (!same) return same.error();
  pace.last_same = *same;
  auto written = own.count_of(actor.id, limits.newcomer_count);
  if (!written) return written.error();
  pace.written = *written;
  return check_pace(pace, limits);
}

}  // namespace stoa::posts
