// Where other plugins may look at what is being done.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "stoa/result.hpp"

namespace stoa::posts {

// A draft: {"author_id","title","body","category_ids","tags"}. May be changed or rejected.
inline constexpr std::string_view kPostCreate = "posts.post.create/1";
// A draft: {"author_id","post_id","parent_id","body"}. May be changed or rejected.
inline constexpr std::string_view kCommentCreate = "posts.comment.create/1";
// What is somebody's own about posts, before it is answered: {"user_id","items":[…]}. Others add what is
// theirs: a filter sets "subscription" of an item.
inline constexpr std::string_view kState = "posts.state/1";

// [worker] The payload after all filters, or the rejection.
using Fire = std::function<Result<std::string>(std::string_view hook, std::string_view payload)>;

}  // namespace stoa::posts
