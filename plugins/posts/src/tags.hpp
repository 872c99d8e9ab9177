// Names of what cached answers show; dropping one drops them.
#pragma once

#include <string>
#include <vector>

#include "ids.hpp"
#include "stored_lists.hpp"

namespace stoa::posts {

inline const std::string kFeedTag = "feed";                     // any list of posts
inline const std::string kCategoriesTag = "categories";         // the list of categories with their counts
inline const std::string kCategoryNamesTag = "category-names";  // how categories are called

inline std::string tag_of(PostId id) {
  return "post:" + std::to_string(id.value);
}
inline std::string tag_of(CategoryId id) {
  return "category:" + std::to_string(id.value);
}
inline std::string tag_of(UserId id) {
  return "user:" + std::to_string(id.value);
}

// Everything that shows a post's summary.
inline std::vector<std::string> tags_showing(PostId id, std::string_view stored_category_ids) {
  std::vector<std::string> tags{tag_of(id), kFeedTag};
  for (const CategoryId category : stored_ids(stored_category_ids)) tags.push_back(tag_of(category));
  return tags;
}

}  // namespace stoa::posts
