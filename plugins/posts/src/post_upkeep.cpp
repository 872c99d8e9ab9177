#include "post_upkeep.hpp"

#include <algorithm>

#include "category_repository.hpp"
#include "slug.hpp"
#include "stored_lists.hpp"
#include "tags.hpp"

namespace stoa::posts {

std::string slug_for(std::string_view title) {
  std::string slug = slug_of(title);
  return slug.empty() ? "post" : slug;
}

Result<void> check_categories(const std::vector<Category>& known, const std::vector<CategoryId>& wanted) {
  Error error{ErrorCode::validation, "There is no such category."};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool exists =
        std::any_of(known.begin(), known.end(), [&](const Category& one) { return one.id == wanted[i]; });
    if (!exists) error.fields.push_back({"/category_ids/" + std::to_string(i), "unknown", "is no category"});
  }
  if (error.fields.empty()) return {};
  return error;
}

Result<void> count_in_categories(Tx& tx, std::string_view stored_category_ids, std::int64_t difference) {
  CategoryRepository categories(tx);
  for (const CategoryId id : stored_ids(stored_category_ids)) {
    if (auto done = categories.count(id, difference); !done) return done;
  }
  return tx.drop_tags({kCategoriesTag});
}

Result<void> drop_shown(Tx& tx, const Post& post, std::string_view former_category_ids) {
  auto tags = tags_showing(post.id, post.category_ids);
  for (const CategoryId id : stored_ids(former_category_ids)) tags.push_back(tag_of(id));
  return tx.drop_tags(tags);
}

}  // namespace stoa::posts
