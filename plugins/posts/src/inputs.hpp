// What requests carry, read strictly.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "settings.hpp"
#include "stoa/json.hpp"
#include "stoa/request.hpp"

namespace stoa::posts {

struct NewPost {
  PostDraft draft;
  std::optional<std::string> local_id = {};
};

struct NewComment {
  CommentDraft draft;
  std::optional<std::string> local_id = {};
};

struct CommentEdit {
  std::string body;
  std::int64_t revision = 0;
};

// Errors of all: validation, malformed.
Result<NewPost> read_new_post(std::string_view body, const Settings& settings);
Result<PostChange> read_post_change(std::string_view body, const Settings& settings);
Result<NewComment> read_new_comment(std::string_view body, const Settings& settings);
Result<CommentEdit> read_comment_edit(std::string_view body, const Settings& settings);
Result<CategoryChange> read_new_category(std::string_view body);
Result<CategoryChange> read_category_change(std::string_view body);
Result<std::string> read_preview(std::string_view body, const Settings& settings);
Result<std::int64_t> read_vote(std::string_view body);
Result<CommentId> read_progress(std::string_view body);
Result<std::vector<PostId>> read_post_ids(const Request& request);

// What filters of posts.post.create/1 and posts.comment.create/1 see, and give back.
std::string draft_json(const PostDraft& draft, UserId author);
std::string draft_json(const CommentDraft& draft, UserId author, PostId post);
Result<PostDraft> read_filtered_post(std::string_view payload, const Settings& settings);
Result<CommentDraft> read_filtered_comment(std::string_view payload, const Settings& settings);

// A query parameter that is none of what it may be. Error: validation.
Error bad_query(std::string_view name, std::string_view detail);

}  // namespace stoa::posts
