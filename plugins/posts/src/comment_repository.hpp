#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

struct NewCommentRow {
  PostId post;
  std::optional<CommentId> parent = {};
  std::int64_t depth = 0;
  UserId author;
  std::int64_t now = 0;
  std::optional<std::string> local_id = {};
  std::int64_t hash = 0;
  Text text;
};

class CommentRepository {
 public:
  explicit CommentRepository(Tx& tx) : tx_(tx) {}

  Result<std::optional<Comment>> find(CommentId id);  // also deleted ones
  Result<std::optional<CommentId>> find_local(UserId author, std::string_view local_id);

  // Listed comments of a post beyond that id, away from it.
  Result<std::vector<Comment>> rising(PostId post, std::int64_t above, std::int64_t limit);
  Result<std::vector<Comment>> falling(PostId post, std::int64_t below, std::int64_t limit);
  // By score, highest first; newest first among equals; beyond that place.
  Result<std::vector<Comment>> top(PostId post, std::int64_t score, std::int64_t below, std::int64_t limit);
  Result<std::vector<CommentId>> ids_falling(PostId post, CommentId below, std::int64_t limit);

  Result<CommentId> insert(const NewCommentRow& row);
  // Raises the revision.
  Result<void> update(CommentId id, const Text& text, std::optional<std::int64_t> edited_at, std::int64_t now,
                      UserId editor);
  // It stays listed while it has listed answers.
  Result<void> remove(CommentId id, std::int64_t now, UserId by);
  Result<void> unlist(CommentId id);
  Result<void> count_reply(CommentId id, std::int64_t difference);
  Result<VoteCount> count_votes(CommentId id, std::int64_t likes, std::int64_t dislikes);

  // For check_pace; also deleted ones.
  Result<std::optional<std::int64_t>> last_time(UserId author);
  Result<std::optional<std::int64_t>> same_time(UserId author, std::int64_t hash);
  Result<std::int64_t> count_of(UserId author, std::int64_t at_most);

 private:
  Tx& tx_;
};

}  // namespace stoa::posts
