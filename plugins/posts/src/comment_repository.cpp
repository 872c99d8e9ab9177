#include "comment_repository.hpp"

#include "posts_sql.hpp"
#include "statement.hpp"

namespace stoa::posts {
namespace {

template <class... P>
auto comment_rows(Tx& tx, std::string_view statement, const P&... parameters) {
  using Number = std::int64_t;
  return tx.query<CommentId, PostId, std::optional<CommentId>, Number, UserId, Number, Number, Number, Number,
                  Number, std::optional<Number>, Number, Number, UserId, std::optional<Number>, Number,
                  std::string, std::string>(statement, parameters...);
}

// The text's members stand at the end of the row.
template <class R>
Result<std::vector<Comment>> all(R&& rows, std::int64_t at_most = 1) {
  std::vector<Comment> comments;
  comments.reserve(static_cast<std::size_t>(at_most));
  auto read = rows.each([&](CommentId id, PostId post, std::optional<CommentId> parent, std::int64_t depth,
                            UserId author, std::int64_t likes, std::int64_t dislikes, std::int64_t score,
                            std::int64_t replies, std::int64_t created, std::optional<std::int64_t> edited,
                            std::int64_t revision, std::int64_t changed, UserId changed_by,
                            std::optional<std::int64_t> deleted, std::int64_t renderer, std::string body,
                            std::string html) {
    comments.push_back({id, post, parent, depth, author, likes, dislikes, score, replies, created, edited,
                        revision, changed, changed_by, deleted,
                        Text{renderer, std::move(body), std::move(html)}});
  });
  if (!read) return read.error();
  return comments;
}

}  // namespace

Result<std::optional<Comment>> CommentRepository::find(CommentId id) {
  auto found = all(comment_rows(tx_, sql::find_comment, id));
  if (!found) return found.error();
  if (found->empty()) return std::optional<Comment>();
  return std::optional<Comment>(std::move(found->front()));
}

Result<std::optional<CommentId>> CommentRepository::find_local(UserId author, std::string_view local_id) {
  return only(tx_.query<CommentId>(sql::find_comment_by_local_id, author, local_id));
}

Result<std::vector<Comment>> CommentRepository::rising(PostId post, std::int64_t above, std::int64_t limit) {
  return all(comment_rows(tx_, sql::comments_rising, post, above, limit), limit);
}

Result<std::vector<Comment>> CommentRepository::falling(PostId post, std::int64_t below, std::int64_t limit) {
  return all(comment_rows(tx_, sql::comments_falling, post, below, limit), limit);
}

Result<std::vector<Comment>> CommentRepository::top(PostId post, std::int64_t score, std::int64_t below,
                                                    std::int64_t limit) {
  auto comments = all(comment_rows(tx_, sql::comments_top_tied, post, score, below, limit), limit);
  if (!comments) return comments;
  const auto rest = limit - static_cast<std::int64_t>(comments->size());
  if (rest == 0) return comments;
  auto more = all(comment_rows(tx_, sql::comments_top_below, post, score, rest), rest);
  if (!more) return more;
  std::move(more->begin(), more->end(), std::back_inserter(*comments));
  return comments;
}

Result<std::vector<CommentId>> CommentRepository::ids_falling(PostId post, CommentId below,
                                                              std::int64_t limit) {
  std::vector<CommentId> ids;
  auto read = tx_.query<CommentId>(sql::comment_ids_falling, post, below, limit).each([&](CommentId id) {
    ids.push_back(id);
  });
  if (!read) return read.error();
  return ids;
}

Result<CommentId> CommentRepository::insert(const NewCommentRow& row) {
  return exactly(tx_.query<CommentId>(sql::insert_comment, row.post, row.parent, row.depth, row.author,
                                      row.now, row.local_id, row.hash, row.text.renderer, row.text.body,
                                      row.text.html));
}

Result<void> CommentRepository::update(CommentId id, const Text& text, std::optional<std::int64_t> edited_at,
                                       std::int64_t now, UserId editor) {
  return done(tx_.exec(sql::update_comment, id, text.body, text.html, text.renderer, edited_at, now, editor));
}

Result<void> CommentRepository::remove(CommentId id, std::int64_t now, UserId by) {
  return done(tx_.exec(sql::delete_comment, id, now, by));
}

Result<void> CommentRepository::unlist(CommentId id) {
  return done(tx_.exec(sql::unlist_comment, id));
}

Result<void> CommentRepository::count_reply(CommentId id, std::int64_t difference) {
  return done(tx_.exec(sql::count_reply, id, difference));
}

Result<VoteCount> CommentRepository::count_votes(CommentId id, std::int64_t likes, std::int64_t dislikes) {
  auto count = tx_.query<std::int64_t, std::int64_t>(sql::count_comment_votes, id, likes, dislikes)
                   .first_as<VoteCount>();
  if (!count) return count.error();
  if (!*count) return Error{ErrorCode::internal, "The comment vanished."};
  return **count;
}

Result<std::optional<std::int64_t>> CommentRepository::last_time(UserId author) {
  return only(tx_.query<std::int64_t>(sql::last_comment_time, author));
}

Result<std::optional<std::int64_t>> CommentRepository::same_time(UserId author, std::int64_t hash) {
  return exactly(tx_.query<std::optional<std::int64_t>>(sql::same_comment_time, author, hash));
}

Result<std::int64_t> CommentRepository::count_of(UserId author, std::int64_t at_most) {
  return exactly(tx_.query<std::int64_t>(sql::count_comments_of, author, at_most));
}

}  // namespace stoa::posts
