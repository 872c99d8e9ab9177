// How votes on one subject become one notification. Pure rules.
//
// The first vote opens a group and calls for attention. Within the window further votes join it: while it is
// unread they only raise its count; once it was read, one of the next brings it back as unread, but only
// until `size` votes would have called; after that they join in silence. When the window is over and the
// group was read, the next vote opens a new one.
#pragma once

#include <cstdint>
#include <optional>

#include "model.hpp"

namespace stoa::notification {

struct VoteRule {
  std::int64_t size = 3;
  std::int64_t window_ms = 120 * 60'000;
};

enum class VoteStep {
  open,  // a new group
  call,  // join, and unread again
  join   // join in silence
};

// `newest`: the newest group of that subject.
VoteStep decide_vote(const std::optional<Item>& newest, std::int64_t now_ms, const VoteRule& rule);

}  // namespace stoa::notification
