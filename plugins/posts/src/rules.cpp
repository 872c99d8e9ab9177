#include "rules.hpp"

#include <algorithm>
#include <string>

namespace stoa::posts {
namespace {

constexpr std::int64_t kSecond = 1'000;
constexpr std::int64_t kHour = 3'600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;

Error wait_until(std::int64_t then, std::int64_t now, std::string message) {
  Error error{ErrorCode::rate_limited, std::move(message)};
  error.retry_after_s = static_cast<int>(std::max<std::int64_t>(1, (then - now + kSecond - 1) / kSecond));
  return error;
}

}  // namespace

Result<void> check_pace(const Pace& pace, const PaceLimits& limits) {
  const std::int64_t newcomer_until = pace.registered_at + limits.newcomer_hours * kHour;
  if (pace.now < newcomer_until && pace.written >= limits.newcomer_count)
    return wait_until(newcomer_until, pace.now,
                      "That is as much as a new member can write on the first day.");
  if (pace.last && pace.now < *pace.last + limits.interval_s * kSecond)
    return wait_until(*pace.last + limits.interval_s * kSecond, pace.now, "You are writing too fast.");
  if (pace.last_same && pace.now < *pace.last_same + limits.same_text_s * kSecond)
    return wait_until(*pace.last_same + limits.same_text_s * kSecond, pace.now,
                      "You have just written the same text.");
  return {};
}

Result<void> may_edit(const Actor& actor, UserId author, std::int64_t created_at, std::int64_t now,
                      std::int64_t author_edit_days) {
  if (actor.moderator) return {};
  if (actor.id != author)
    return Error{ErrorCode::forbidden, "Only its author or a moderator can change this."};
  if (now > created_at + author_edit_days * kDay)
    return Error{ErrorCode::forbidden, "This is too old for its author to change."};
  return {};
}

Result<void> may_delete(const Actor& actor, UserId author) {
  if (actor.moderator || actor.id == author) return {};
  return Error{ErrorCode::forbidden, "Only its author or a moderator can delete this."};
}

std::optional<std::int64_t> edited_at(std::optional<std::int64_t> before, std::int64_t created_at,
                                      std::int64_t now, std::int64_t silent_edit_s) {
  if (now <= created_at + silent_edit_s * kSecond) return before;
  return now;
}

std::int64_t depth_below(std::int64_t parent_depth) {
  return std::min(parent_depth + 1, kMaxDepth);
}

std::int64_t text_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return static_cast<std::int64_t>(hash);
}

}  // namespace stoa::posts
