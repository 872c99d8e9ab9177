#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

// A row of posts_post as it is first written.
struct NewPostRow {
  UserId author;
  std::string slug, title, excerpt, category_ids, tags;
  std::int64_t now = 0;
  std::optional<std::string> local_id = {};
  std::int64_t hash = 0;
};

struct PostTextRow {
  std::string slug, title, excerpt, category_ids, tags;
  std::optional<std::int64_t> edited_at = {};
};

// Of a post that may be deleted.
struct PostState {
  UserId author;
  std::string category_ids;
  bool deleted = false;
};

// Who wrote the present text, and when.
struct LastChange {
  std::int64_t at = 0;
  UserId by;
};

// Posts that are deleted are found only where it is said.
class PostRepository {
 public:
  explicit PostRepository(Tx& tx) : tx_(tx) {}

  Result<std::optional<Post>> find(PostId id);
  Result<std::optional<PostState>> state(PostId id);  // also deleted ones
  Result<std::optional<Text>> text(PostId id);
  Result<std::optional<PostId>> find_local(UserId author, std::string_view local_id);  // also deleted ones

  Result<PostId> insert(const NewPostRow& row);
  Result<void> insert_text(PostId id, const Text& text);
  // Raises the revision.
  Result<void> update(PostId id, const PostTextRow& row, std::int64_t now, UserId editor);
  Result<void> update_text(PostId id, const Text& text);
  Result<void> set_flags(PostId id, bool pinned, bool locked, std::int64_t revision);
  Result<void> remove(PostId id, std::int64_t now, UserId by);
  Result<void> restore(PostId id, std::string_view category_ids);

  // `active_at`: the post was last active then; absent: unchanged.
  Result<void> count_comment(PostId id, std::int64_t difference, std::optional<std::int64_t> active_at);
  Result<VoteCount> count_votes(PostId id, std::int64_t likes, std::int64_t dislikes);

  Result<LastChange> last_change(PostId id);
  Result<void> insert_revision(PostId post, CommentId comment, const Revision& revision);
  // Replaced texts of the post below that number, newest first.
  Result<std::vector<Revision>> revisions(PostId id, std::int64_t below, std::int64_t limit);

  // For check_pace; also deleted ones.
  Result<std::optional<std::int64_t>> last_time(UserId author);
  Result<std::optional<std::int64_t>> same_time(UserId author, std::int64_t hash);
  Result<std::int64_t> count_of(UserId author, std::int64_t at_most);

 private:
  Tx& tx_;
};

}  // namespace stoa::posts
