// What the plugin tells, in the transaction of the change. Each call names its audience.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "post_json.hpp"
#include "stoa/storage.hpp"
#include "vote_repository.hpp"

namespace stoa::posts {

// [writer] "posts", the post and its categories; also those of `former_category_ids`, which it has left.
class Events {
 public:
  explicit Events(Tx& tx) : tx_(tx) {}

  Result<void> post_created(const Post& post, const Surroundings& around,
                            const std::vector<UserId>& mentions);
  Result<void> post_updated(const Post& post, const Surroundings& around, const std::vector<UserId>& mentions,
                            std::string_view former_category_ids = {});
  // Empties the earlier events of the post first.
  Result<void> post_deleted(const Post& post);

  // To the listeners of the post.
  struct Answered {
    const Post& post;
    std::optional<UserId> parent_author;
  };
  Result<void> comment_created(const Comment& comment, const Answered& answered, const Names& names,
                               const std::vector<UserId>& mentions,
                               const std::optional<std::string>& local_id);
  Result<void> comment_updated(const Comment& comment, const Answered& answered, const Names& names,
                               const std::vector<UserId>& mentions);
  // Empties the earlier events of the comment first.
  Result<void> comment_deleted(CommentId id, PostId post);
  // Without a word to anybody: the post it belongs to is deleted.
  Result<void> forget_comment(CommentId id);

  // The counts to the listeners of the post; who voted to durable subscribers alone.
  struct Vote {
    VoteTarget target = {};
    UserId author, voter;
    std::int64_t value = 0;
    VoteCount count;
  };
  Result<void> voted(const Vote& vote, const Post& post);

  // To the reader alone.
  Result<void> read(UserId reader, PostId post, CommentId comment);

 private:
  Result<void> post_changed(std::string_view type, const Post& post, const Surroundings& around,
                            const std::vector<UserId>& mentions, std::string_view former_category_ids);
  Result<void> comment_changed(std::string_view type, const Comment& comment, const Answered& answered,
                               const Names& names, const std::vector<UserId>& mentions,
                               const std::optional<std::string>& local_id);
  Result<void> emit(std::string_view type, std::string_view subject, std::vector<std::string> channels,
                    std::string_view data);

  Tx& tx_;
};

}  // namespace stoa::posts
