// What follows from a post and is kept in step with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

// Never empty.
std::string slug_for(std::string_view title);

// Error: validation, naming each unknown one.
Result<void> check_categories(const std::vector<Category>& known, const std::vector<CategoryId>& wanted);

// [writer] Adds to the post count of each.
Result<void> count_in_categories(Tx& tx, std::string_view stored_category_ids, std::int64_t difference);

// [writer] Drops every cached answer that shows the post, also in categories it has left.
Result<void> drop_shown(Tx& tx, const Post& post, std::string_view former_category_ids = {});

}  // namespace stoa::posts
