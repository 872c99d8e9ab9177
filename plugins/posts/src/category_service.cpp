#include "category_service.hpp"

#include <array>

#include "stoa/stoa.hpp"

#include "category_repository.hpp"
#include "mark_repository.hpp"
#include "slug.hpp"
#include "tags.hpp"

namespace stoa::posts {
namespace {

constexpr std::string_view kDefaultColor = "#64748b";
constexpr std::string_view kSeeded = "seeded";

struct Example {
  std::string_view slug, name, description, color;
};
constexpr std::array<Example, 4> kExamples{{
    {"general", "General", "Whatever fits nowhere else.", "#2563eb"},
    {"questions", "Questions", "Ask for help, and give it.", "#b45309"},
    {"ideas", "Ideas", "What could be better, and how.", "#15803d"},
    {"announcements", "Announcements", "News about this forum.", "#b91c1c"},
}};

Error taken(const Error& error) {
  if (error.code != ErrorCode::conflict) return error;
  return {ErrorCode::conflict, "Another category has this slug.", "/slug", "taken"};
}

Error no_category() {
  return not_found("There is no such category.");
}

std::vector<std::string> tags_showing(CategoryId id) {
  return {kCategoriesTag, kCategoryNamesTag, kFeedTag, tag_of(id)};
}

}  // namespace

Result<CategoryService::Listed> CategoryService::list() const {
  return tools_.storage.read([](Tx& tx) -> Result<Listed> {
    auto items = CategoryRepository(tx).list();
    if (!items) return items.error();
    const auto seq = tx.log_head();
    if (!seq) return seq.error();
    return Listed{std::move(*items), *seq};
  });
}

Result<Category> CategoryService::create(CategoryChange category) const {
  if (!category.slug) category.slug = slug_of(*category.name);
  if (category.slug->empty())
    return Error{ErrorCode::validation, "No slug can be made of this name.", "/slug", "required"};
  if (!category.description) category.description = "";
  if (!category.color) category.color = std::string(kDefaultColor);
  return tools_.storage.write([&](Tx& tx) -> Result<Category> {
    CategoryRepository categories(tx);
    const auto id = categories.insert(category);
    if (!id) return taken(id.error());
    if (auto done = tx.drop_tags(tags_showing(*id)); !done) return done.error();
    auto created = categories.find(*id);
    if (!created) return created.error();
    return std::move(**created);
  });
}

Result<Category> CategoryService::change(CategoryId id, const CategoryChange& change) const {
  return tools_.storage.write([&](Tx& tx) -> Result<Category> {
    CategoryRepository categories(tx);
    if (auto done = categories.update(id, change); !done) return taken(done.error());
    auto changed = categories.find(id);
    if (!changed) return changed.error();
    if (!*changed) return no_category();
    if (auto done = tx.drop_tags(tags_showing(id)); !done) return done.error();
    return std::move(**changed);
  });
}

Result<void> CategoryService::remove(CategoryId id) const {
  return tools_.storage.write([&](Tx& tx) -> Result<void> {
    CategoryRepository categories(tx);
    const auto found = categories.find(id);
    if (!found) return found.error();
    if (!*found) return no_category();
    const auto used = categories.is_used(id);
    if (!used) return used.error();
    if (*used) return Error{ErrorCode::conflict, "This category has posts: move or delete them first."};
    if (auto done = categories.remove(id); !done) return done;
    return tx.drop_tags(tags_showing(id));
  });
}

Result<void> CategoryService::seed() const {
  return tools_.storage.write([](Tx& tx) -> Result<void> {
    MarkRepository marks(tx);
    const auto seeded = marks.get(kSeeded);
    if (!seeded) return seeded.error();
    if (*seeded) return {};
    CategoryRepository categories(tx);
    for (const Example& example : kExamples) {
      const auto id =
          categories.insert({std::string(example.slug), std::string(example.name),
                             std::string(example.description), std::string(example.color), std::nullopt});
      if (!id) return id.error();
    }
    return marks.set(kSeeded, 1);
  });
}

}  // namespace stoa::posts
