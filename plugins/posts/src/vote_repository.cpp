#include "vote_repository.hpp"

#include "posts_sql.hpp"
#include "statement.hpp"

namespace stoa::posts {

Result<std::int64_t> VoteRepository::find(UserId user, VoteTarget target) {
  const auto value = only(tx_.query<std::int64_t>(sql::find_vote, user, target.post, target.comment));
  if (!value) return value.error();
  return value->value_or(0);
}

Result<void> VoteRepository::set(UserId user, VoteTarget target, std::int64_t value) {
  if (value == 0) return done(tx_.exec(sql::delete_vote, user, target.post, target.comment));
  return done(tx_.exec(sql::set_vote, user, target.post, target.comment, value));
}

Result<std::vector<CommentVote>> VoteRepository::on_post(UserId user, PostId post, std::int64_t limit) {
  return tx_.query<CommentId, std::int64_t>(sql::votes_on_post, user, post, limit).all_as<CommentVote>();
}

Result<std::optional<std::int64_t>> VoteRepository::last_read(UserId user, PostId post) {
  return only(tx_.query<std::int64_t>(sql::last_read, user, post));
}

Result<bool> VoteRepository::advance_read(UserId user, PostId post, CommentId comment) {
  const auto changed = tx_.exec(sql::advance_read, user, post, comment);
  if (!changed) return changed.error();
  return *changed > 0;
}

}  // namespace stoa::posts
