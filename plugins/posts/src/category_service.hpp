#pragma once

#include <cstdint>
#include <vector>

#include "model.hpp"
#include "writing.hpp"

namespace stoa::posts {

// [worker] Categories; who may change them is decided by the routes' permission.
class CategoryService {
 public:
  explicit CategoryService(const Tools& tools) : tools_(tools) {}

  struct Listed {
    std::vector<Category> items;  // by position
    std::uint64_t seq = 0;
  };
  Result<Listed> list() const;
  // `name` is given; a slug is made of it when there is none. Errors: conflict (the slug is taken),
  // validation (none can be made).
  Result<Category> create(CategoryChange category) const;
  // Errors: not_found, conflict (the slug is taken).
  Result<Category> change(CategoryId id, const CategoryChange& change) const;
  // Errors: not_found, conflict (it has posts).
  Result<void> remove(CategoryId id) const;

  // [lifecycle] The example categories of a fresh database, once.
  Result<void> seed() const;

 private:
  const Tools& tools_;
};

}  // namespace stoa::posts
