// Who may do what, when: decisions without storage.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model.hpp"
#include "stoa/result.hpp"

namespace stoa::posts {

// What is known of an author's writing so far. Times in milliseconds.
struct Pace {
  std::int64_t now = 0;
  std::optional<std::int64_t> last = {};       // when the last text of the kind was written
  std::optional<std::int64_t> last_same = {};  // when the same text was written last
  std::int64_t registered_at = 0;
  std::int64_t written = 0;  // texts of the kind so far; may stop counting at the newcomers' limit
};

struct PaceLimits {
  std::int64_t interval_s = 0;
  std::int64_t same_text_s = 0;
  std::int64_t newcomer_hours = 0;
  std::int64_t newcomer_count = 0;
};

// Error: rate_limited, with the seconds to wait.
Result<void> check_pace(const Pace& pace, const PaceLimits& limits);

// Authors for so many days, moderators always. Error: forbidden.
Result<void> may_edit(const Actor& actor, UserId author, std::int64_t created_at, std::int64_t now,
                      std::int64_t author_edit_days);

// Error: forbidden.
Result<void> may_delete(const Actor& actor, UserId author);

// When the text counts as edited after a change at `now`: not within the silent time, and not back again.
std::optional<std::int64_t> edited_at(std::optional<std::int64_t> before, std::int64_t created_at,
                                      std::int64_t now, std::int64_t silent_edit_s);

// Deeper answers are shown at this depth.
inline constexpr std::int64_t kMaxDepth = 32;
std::int64_t depth_below(std::int64_t parent_depth);

// Equal texts have equal hashes; others hardly ever.
std::int64_t text_hash(std::string_view text);

}  // namespace stoa::posts
