// Taking away for good what was deleted.
#pragma once

#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

struct DeletedComment {
  CommentId id;
  PostId post;
  bool listed = false;  // it stands as a tombstone above its answers
};

class PurgeRepository {
 public:
  explicit PurgeRepository(Tx& tx) : tx_(tx) {}

  // What was deleted at that time or before and still has something to take away.
  Result<std::vector<PostId>> posts(std::int64_t until, std::int64_t limit);
  Result<std::vector<DeletedComment>> comments(std::int64_t until, std::int64_t limit);

  // With its texts; its comments must be gone.
  Result<void> remove(PostId id);
  // With its texts.
  Result<void> remove(CommentId id, PostId post);
  // Its texts alone.
  Result<void> empty(CommentId id, PostId post);

 private:
  Tx& tx_;
};

}  // namespace stoa::posts
