#include "vote_service.hpp"

#include "comment_repository.hpp"
#include "events.hpp"
#include "listing_repository.hpp"
#include "post_repository.hpp"
#include "post_upkeep.hpp"
#include "stoa/stoa.hpp"
#include "tags.hpp"

namespace stoa::posts {
namespace {

std::int64_t is(std::int64_t value, std::int64_t wanted) {
  return value == wanted ? 1 : 0;
}

}  // namespace

Result<VoteCount> VoteService::vote(UserId voter, PostId id, std::int64_t value) const {
  return tools_.storage.write([&](Tx& tx) -> Result<VoteCount> {
    const auto post = PostRepository(tx).find(id);
    if (!post) return post.error();
    if (!*post) return not_found("There is no such post.");
    return count(tx, voter, (*post)->author, **post, {id, {}}, {(*post)->likes, (*post)->dislikes}, value);
  });
}

Result<VoteCount> VoteService::vote(UserId voter, CommentId id, std::int64_t value) const {
  return tools_.storage.write([&](Tx& tx) -> Result<VoteCount> {
    const auto comment = CommentRepository(tx).find(id);
    if (!comment) return comment.error();
    if (!*comment || (*comment)->deleted_at) return not_found("There is no such comment.");
    const auto post = PostRepository(tx).find((*comment)->post);
    if (!post) return post.error();
    if (!*post) return not_found("There is no such comment.");
    return count(tx, voter, (*comment)->author, **post, {(*post)->id, id},
                 {(*comment)->likes, (*comment)->dislikes}, value);
  });
}

Result<VoteCount> VoteService::count(Tx& tx, UserId voter, UserId author, const Post& post, VoteTarget target,
                                     VoteCount before, std::int64_t value) const {
  if (voter == author) return Error{ErrorCode::forbidden, "Nobody votes on what they wrote themselves."};
  VoteRepository votes(tx);
  const auto old = votes.find(voter, target);
  if (!old) return old.error();
  if (*old == value) return before;
  if (auto done = votes.set(voter, target, value); !done) return done.error();

  const std::int64_t likes = is(value, 1) - is(*old, 1);
  const std::int64_t dislikes = is(value, -1) - is(*old, -1);
  const auto now = target.on_comment() ? CommentRepository(tx).count_votes(target.comment, likes, dislikes)
                                       : PostRepository(tx).count_votes(target.post, likes, dislikes);
  if (!now) return now;
  if (!target.on_comment()) {
    if (auto done = ListingRepository(tx).add_score(target.post, likes - dislikes); !done)
      return done.error();
  }
  if (auto done = Events(tx).voted({target, author, voter, value, *now}, post); !done) return done.error();
  auto dropped = target.on_comment() ? tx.drop_tags({tag_of(post.id)}) : drop_shown(tx, post);
  if (!dropped) return dropped.error();
  return now;
}

Result<std::vector<PersonalState>> VoteService::states(UserId user, const std::vector<PostId>& posts) const {
  return tools_.storage.read([&](Tx& tx) -> Result<std::vector<PersonalState>> {
    VoteRepository votes(tx);
    std::vector<PersonalState> states;
    for (const PostId post : posts) {
      PersonalState state;
      state.post = post;
      auto own = votes.on_post(user, post, kMaxOwnVotes);
      if (!own) return own.error();
      for (const CommentVote& vote : *own) {
        if (vote.comment) {
          state.comment_votes.push_back(vote);
        } else {
          state.vote = vote.value;
        }
      }
      const auto last = votes.last_read(user, post);
      if (!last) return last.error();
      state.last_read = *last;
      states.push_back(std::move(state));
    }
    return states;
  });
}

Result<void> VoteService::read_to(UserId reader, PostId id, CommentId comment_id) const {
  return tools_.storage.write([&](Tx& tx) -> Result<void> {
    const auto post = PostRepository(tx).find(id);
    if (!post) return post.error();
    if (!*post) return not_found("There is no such post.");
    if (comment_id) {
      const auto comment = CommentRepository(tx).find(comment_id);
      if (!comment) return comment.error();
      if (!*comment || (*comment)->post != id)
        return Error{ErrorCode::validation, "This is no comment of the post.", "/comment_id", "unknown"};
    }
    const auto advanced = VoteRepository(tx).advance_read(reader, id, comment_id);
    if (!advanced) return advanced.error();
    if (!*advanced) return {};
    return Events(tx).read(reader, id, comment_id);
  });
}

}  // namespace stoa::posts
