// What is personal: votes and how far somebody has read.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

// A vote on a post has no comment.
struct VoteTarget {
  PostId post;
  CommentId comment;

  bool on_comment() const { return static_cast<bool>(comment); }
};

struct CommentVote {
  CommentId comment;  // none: on the post
  std::int64_t value = 0;
};

class VoteRepository {
 public:
  explicit VoteRepository(Tx& tx) : tx_(tx) {}

  // 1, -1, or 0 for none.
  Result<std::int64_t> find(UserId user, VoteTarget target);
  Result<void> set(UserId user, VoteTarget target, std::int64_t value);
  // On the post (first, if there is one) and its comments.
  Result<std::vector<CommentVote>> on_post(UserId user, PostId post, std::int64_t limit);

  Result<std::optional<std::int64_t>> last_read(UserId user, PostId post);
  // False: was as far already.
  Result<bool> advance_read(UserId user, PostId post, CommentId comment);

 private:
  Tx& tx_;
};

}  // namespace stoa::posts
