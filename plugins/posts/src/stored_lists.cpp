#include "stored_lists.hpp"

#include <charconv>

namespace stoa::posts {
namespace {

template <class F>
void each_part(std::string_view text, F&& use) {
  while (!text.empty()) {
    const auto comma = text.find(',');
    use(text.substr(0, comma));
    if (comma == std::string_view::npos) return;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::string store_ids(const std::vector<CategoryId>& ids) {
  std::string out;
  for (const CategoryId id : ids) out += (out.empty() ? "" : ",") + std::to_string(id.value);
  return out;
}

std::vector<CategoryId> stored_ids(std::string_view text) {
  std::vector<CategoryId> ids;
  each_part(text, [&](std::string_view part) {
    CategoryId id;
    std::from_chars(part.data(), part.data() + part.size(), id.value);
    if (id) ids.push_back(id);
  });
  return ids;
}

std::string store_tags(const std::vector<std::string>& tags) {
  std::string out;
  for (const std::string& tag : tags) out += (out.empty() ? "" : ",") + tag;
  return out;
}

std::vector<std::string> stored_tags(std::string_view text) {
  std::vector<std::string> tags;
  each_part(text, [&](std::string_view part) { tags.emplace_back(part); });
  return tags;
}

std::string facts_of(UserId author, std::string_view stored_category_ids) {
  std::string facts = "a" + std::to_string(author.value);
  for (const CategoryId id : stored_ids(stored_category_ids)) facts += " c" + std::to_string(id.value);
  return facts;
}

}  // namespace stoa::posts
