#include "category_repository.hpp"

#include "posts_sql.hpp"
#include "statement.hpp"

namespace stoa::posts {
namespace {

template <class... P>
auto categories(Tx& tx, std::string_view statement, const P&... parameters) {
  return tx.query<CategoryId, std::string, std::string, std::string, std::string, std::int64_t, std::int64_t>(
      statement, parameters...);
}

}  // namespace

Result<std::vector<Category>> CategoryRepository::list() {
  return categories(tx_, sql::list_categories).all_as<Category>();
}

Result<std::optional<Category>> CategoryRepository::find(CategoryId id) {
  return categories(tx_, sql::find_category, id).first_as<Category>();
}

Result<std::optional<Category>> CategoryRepository::find(std::string_view slug) {
  return categories(tx_, sql::find_category_by_slug, slug).first_as<Category>();
}

Result<CategoryId> CategoryRepository::insert(const CategoryChange& category) {
  return exactly(tx_.query<CategoryId>(sql::insert_category, category.slug, category.name,
                                       category.description, category.color, category.position));
}

Result<void> CategoryRepository::update(CategoryId id, const CategoryChange& change) {
  return done(tx_.exec(sql::update_category, id, change.slug, change.name, change.description, change.color,
                       change.position));
}

Result<void> CategoryRepository::remove(CategoryId id) {
  return done(tx_.exec(sql::delete_category, id));
}

Result<void> CategoryRepository::count(CategoryId id, std::int64_t difference) {
  return done(tx_.exec(sql::count_category, id, difference));
}

Result<bool> CategoryRepository::is_used(CategoryId id) {
  const auto found = only(tx_.query<std::int64_t>(sql::category_is_used, id));
  if (!found) return found.error();
  return found->has_value();
}

}  // namespace stoa::posts
