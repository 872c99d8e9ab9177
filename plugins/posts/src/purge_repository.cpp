#include "purge_repository.hpp"

#include "posts_sql.hpp"
#include "statement.hpp"

namespace stoa::posts {

Result<std::vector<PostId>> PurgeRepository::posts(std::int64_t until, std::int64_t limit) {
  std::vector<PostId> ids;
  auto read =
      tx_.query<PostId>(sql::purgeable_posts, until, limit).each([&](PostId id) { ids.push_back(id); });
  if (!read) return read.error();
  return ids;
}

Result<std::vector<DeletedComment>> PurgeRepository::comments(std::int64_t until, std::int64_t limit) {
  return tx_.query<CommentId, PostId, bool>(sql::purgeable_comments, until, limit).all_as<DeletedComment>();
}

Result<void> PurgeRepository::remove(PostId id) {
  if (auto gone = done(tx_.exec(sql::purge_revisions, id, 0)); !gone) return gone;
  if (auto gone = done(tx_.exec(sql::purge_text, id)); !gone) return gone;
  return done(tx_.exec(sql::purge_post, id));
}

Result<void> PurgeRepository::remove(CommentId id, PostId post) {
  if (auto gone = done(tx_.exec(sql::purge_revisions, post, id)); !gone) return gone;
  return done(tx_.exec(sql::purge_comment, id));
}

Result<void> PurgeRepository::empty(CommentId id, PostId post) {
  if (auto gone = done(tx_.exec(sql::purge_revisions, post, id)); !gone) return gone;
  return done(tx_.exec(sql::purge_comment_text, id));
}

}  // namespace stoa::posts
