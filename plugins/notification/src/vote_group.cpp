#include "vote_group.hpp"

namespace stoa::notification {

VoteStep decide_vote(const std::optional<Item>& newest, std::int64_t now_ms, const VoteRule& rule) {
  if (!newest) return VoteStep::open;
  if (newest->state == State::unread) return VoteStep::join;
  if (now_ms >= newest->started_at + rule.window_ms) return VoteStep::open;
  return newest->alerts + 1 < rule.size ? VoteStep::call : VoteStep::join;
}

}  // namespace stoa::notification
