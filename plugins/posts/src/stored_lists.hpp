// Short lists that are kept in one column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ids.hpp"

namespace stoa::posts {

// "3,7"
std::string store_ids(const std::vector<CategoryId>& ids);
std::vector<CategoryId> stored_ids(std::string_view text);

// "cats,dogs": a tag holds no comma.
std::string store_tags(const std::vector<std::string>& tags);
std::vector<std::string> stored_tags(std::string_view text);

// The words an index entry is filtered by: "a5 c3 c7".
std::string facts_of(UserId author, std::string_view stored_category_ids);

}  // namespace stoa::posts
