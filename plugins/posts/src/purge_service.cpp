#include "purge_service.hpp"

#include "comment_repository.hpp"
#include "purge_repository.hpp"
#include "search_repository.hpp"

namespace stoa::posts {
namespace {

constexpr std::int64_t kAtOnce = 100;  // comments in one transaction

Result<void> remove_comment(Tx& tx, CommentId id, PostId post) {
  if (auto done = SearchRepository(tx).remove(Kind::comment, id.value); !done) return done;
  return PurgeRepository(tx).remove(id, post);
}

// One step; how many comments and posts it took away. Nothing: all is done.
Result<PurgeService::Purged> purge_comments(Tx& tx, std::int64_t until) {
  PurgeRepository deleted(tx);
  const auto comments = deleted.comments(until, kAtOnce);
  if (!comments) return comments.error();
  for (const DeletedComment& comment : *comments) {
    auto done = comment.listed ? deleted.empty(comment.id, comment.post)
                               : remove_comment(tx, comment.id, comment.post);
    if (!done) return done.error();
  }
  return PurgeService::Purged{0, static_cast<std::int64_t>(comments->size())};
}

Result<PurgeService::Purged> purge_posts(Tx& tx, std::int64_t until) {
  PurgeService::Purged purged;
  PurgeRepository deleted(tx);
  const auto posts = deleted.posts(until, 1);
  if (!posts) return posts.error();
  for (const PostId post : *posts) {
    const auto comments = CommentRepository(tx).ids_falling(post, {kEnd}, kAtOnce);
    if (!comments) return comments.error();
    for (const CommentId comment : *comments) {
      if (auto done = remove_comment(tx, comment, post); !done) return done.error();
      ++purged.comments;
    }
    if (static_cast<std::int64_t>(comments->size()) == kAtOnce) continue;  // there may be more
    if (auto done = SearchRepository(tx).remove(Kind::post, post.value); !done) return done.error();
    if (auto done = deleted.remove(post); !done) return done.error();
    ++purged.posts;
  }
  return purged;
}

}  // namespace

Result<PurgeService::Purged> PurgeService::purge(std::int64_t until) const {
  Purged all;
  for (const auto step : {&purge_comments, &purge_posts}) {
    for (;;) {
      const auto purged = tools_.storage.write([&](Tx& tx) { return step(tx, until); });
      if (!purged) return purged.error();
      if (purged->posts == 0 && purged->comments == 0) break;
      all.posts += purged->posts;
      all.comments += purged->comments;
    }
  }
  return all;
}

}  // namespace stoa::posts
