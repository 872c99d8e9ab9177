// Who is to hear of a text, and as what. Pure rules.
#pragma once

#include <vector>

#include "facts.hpp"
#include "model.hpp"

namespace stoa::notification {

// Somebody, and the types that fit, the most personal first: the first one they want is what they get.
struct Recipient {
  UserId user;
  std::vector<Type> types;

  friend bool operator==(const Recipient&, const Recipient&) = default;
};

// Everybody mentioned, the author of the comment it answers, the author of the post, and `watchers`; each
// once, and never who wrote it.
std::vector<Recipient> recipients_of(const CommentFacts& comment, const std::vector<UserId>& watchers);

// The mentioned ones: of a post, and of an edited comment.
std::vector<Recipient> mentioned_by(UserId author, const std::vector<UserId>& mentions);

}  // namespace stoa::notification
