#include "post_repository.hpp"

#include "post_rows.hpp"
#include "posts_sql.hpp"
#include "statement.hpp"

namespace stoa::posts {

Result<std::optional<Post>> PostRepository::find(PostId id) {
  return post_rows(tx_, sql::find_post, id).first_as<Post>();
}

Result<std::optional<PostState>> PostRepository::state(PostId id) {
  return tx_.query<UserId, std::string, bool>(sql::post_state, id).first_as<PostState>();
}

Result<std::optional<Text>> PostRepository::text(PostId id) {
  return tx_.query<std::int64_t, std::string, std::string>(sql::find_text, id).first_as<Text>();
}

Result<std::optional<PostId>> PostRepository::find_local(UserId author, std::string_view local_id) {
  return only(tx_.query<PostId>(sql::find_post_by_local_id, author, local_id));
}

Result<PostId> PostRepository::insert(const NewPostRow& row) {
  return exactly(tx_.query<PostId>(sql::insert_post, row.author, row.slug, row.title, row.excerpt,
                                   row.category_ids, row.tags, row.now, row.local_id, row.hash));
}

Result<void> PostRepository::insert_text(PostId id, const Text& text) {
  return done(tx_.exec(sql::insert_text, id, text.renderer, text.body, text.html));
}

Result<void> PostRepository::update(PostId id, const PostTextRow& row, std::int64_t now, UserId editor) {
  return done(tx_.exec(sql::update_post, id, row.slug, row.title, row.excerpt, row.category_ids, row.tags,
                       row.edited_at, now, editor));
}

Result<void> PostRepository::update_text(PostId id, const Text& text) {
  return done(tx_.exec(sql::update_text, id, text.renderer, text.body, text.html));
}

Result<void> PostRepository::set_flags(PostId id, bool pinned, bool locked, std::int64_t revision) {
  return done(tx_.exec(sql::update_post_flags, id, pinned, locked, revision));
}

Result<void> PostRepository::remove(PostId id, std::int64_t now, UserId by) {
  return done(tx_.exec(sql::delete_post, id, now, by));
}

Result<void> PostRepository::restore(PostId id, std::string_view category_ids) {
  return done(tx_.exec(sql::restore_post, id, category_ids));
}

Result<void> PostRepository::count_comment(PostId id, std::int64_t difference,
                                           std::optional<std::int64_t> active_at) {
  return done(tx_.exec(sql::count_post_comment, id, difference, active_at));
}

Result<VoteCount> PostRepository::count_votes(PostId id, std::int64_t likes, std::int64_t dislikes) {
  auto count =
      tx_.query<std::int64_t, std::int64_t>(sql::count_post_votes, id, likes, dislikes).first_as<VoteCount>();
  if (!count) return count.error();
  if (!*count) return Error{ErrorCode::internal, "The post vanished."};
  return **count;
}

Result<LastChange> PostRepository::last_change(PostId id) {
  auto change = tx_.query<std::int64_t, UserId>(sql::post_change, id).first_as<LastChange>();
  if (!change) return change.error();
  return change->value_or(LastChange{});
}

Result<void> PostRepository::insert_revision(PostId post, CommentId comment, const Revision& revision) {
  return done(tx_.exec(sql::insert_revision, post, comment, revision.number, revision.title, revision.body,
                       revision.editor, revision.created_at));
}

Result<std::vector<Revision>> PostRepository::revisions(PostId id, std::int64_t below, std::int64_t limit) {
  return tx_
      .query<std::int64_t, std::string, std::string, UserId, std::int64_t>(sql::list_revisions, id, below,
                                                                           limit)
      .all_as<Revision>();
}

Result<std::optional<std::int64_t>> PostRepository::last_time(UserId author) {
  return only(tx_.query<std::int64_t>(sql::last_post_time, author));
}

Result<std::optional<std::int64_t>> PostRepository::same_time(UserId author, std::int64_t hash) {
  return exactly(tx_.query<std::optional<std::int64_t>>(sql::same_post_time, author, hash));
}

Result<std::int64_t> PostRepository::count_of(UserId author, std::int64_t at_most) {
  return exactly(tx_.query<std::int64_t>(sql::count_posts_of, author, at_most));
}

}  // namespace stoa::posts
