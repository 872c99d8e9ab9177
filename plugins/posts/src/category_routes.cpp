#include "category_routes.hpp"

#include "inputs.hpp"
#include "post_json.hpp"
#include "tags.hpp"

namespace stoa::posts {

Response CategoryRoutes::list(Request&) const {
  const auto listed = service_.list();
  if (!listed) return listed.error();
  return json(200, categories_json(listed->items)).shared({kCategoriesTag}, listed->seq);
}

Response CategoryRoutes::create(Request& request) const {
  auto input = read_new_category(request.body());
  if (!input) return input.error();
  const auto category = service_.create(std::move(*input));
  if (!category) return category.error();
  return json(201, category_json(*category))
      .header("Location", "/api/v1/categories/" + std::to_string(category->id.value));
}

Response CategoryRoutes::change(Request& request) const {
  const auto input = read_category_change(request.body());
  if (!input) return input.error();
  const auto category = service_.change(request.id<CategoryId>("id"), *input);
  if (!category) return category.error();
  return json(200, category_json(*category));
}

Response CategoryRoutes::remove(Request& request) const {
  if (auto done = service_.remove(request.id<CategoryId>("id")); !done) return done.error();
  return no_content();
}

}  // namespace stoa::posts
