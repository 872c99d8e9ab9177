#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

class CategoryRepository {
 public:
  explicit CategoryRepository(Tx& tx) : tx_(tx) {}

  Result<std::vector<Category>> list();  // by position
  Result<std::optional<Category>> find(CategoryId id);
  Result<std::optional<Category>> find(std::string_view slug);
  // Error: conflict, when the slug is taken.
  Result<CategoryId> insert(const CategoryChange& category);
  Result<void> update(CategoryId id, const CategoryChange& change);
  Result<void> remove(CategoryId id);
  Result<void> count(CategoryId id, std::int64_t difference);
  // A post that is not deleted stands in it.
  Result<bool> is_used(CategoryId id);

 private:
  Tx& tx_;
};

}  // namespace stoa::posts
