#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model.hpp"
#include "vote_repository.hpp"
#include "writing.hpp"

namespace stoa::posts {

// What is somebody's own about a post.
struct PersonalState {
  PostId post;
  std::int64_t vote = 0;
  std::optional<std::int64_t> last_read = {};  // comment
  std::vector<CommentVote> comment_votes;      // at most kMaxOwnVotes
};

inline constexpr std::int64_t kMaxOwnVotes = 1'000;

// [worker] Votes, and how far somebody has read.
class VoteService {
 public:
  explicit VoteService(const Tools& tools) : tools_(tools) {}

  // `value` 1, -1, or 0 to take it back. Errors: not_found, forbidden (one's own).
  Result<VoteCount> vote(UserId voter, PostId post, std::int64_t value) const;
  Result<VoteCount> vote(UserId voter, CommentId comment, std::int64_t value) const;

  // In the order asked; posts nobody can see look like those one has nothing to do with.
  Result<std::vector<PersonalState>> states(UserId user, const std::vector<PostId>& posts) const;

  // Never goes back. Comment 0: the post alone. Errors: not_found, validation (no comment of the post).
  Result<void> read_to(UserId reader, PostId post, CommentId comment) const;

 private:
  Result<VoteCount> count(Tx& tx, UserId voter, UserId author, const Post& post, VoteTarget target,
                          VoteCount before, std::int64_t value) const;

  const Tools& tools_;
};

}  // namespace stoa::posts
