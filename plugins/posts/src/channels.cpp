#include "channels.hpp"

#include <charconv>

#include "category_repository.hpp"
#include "post_repository.hpp"

namespace stoa::posts {

Result<void> may_listen(Storage storage, std::string_view channel) {
  const auto colon = channel.find(':');
  const std::string_view kind = channel.substr(0, colon);
  const std::string_view digits =
      colon == std::string_view::npos ? std::string_view() : channel.substr(colon + 1);
  std::int64_t id = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  const bool canonical = !digits.empty() && digits.front() != '0' && read.ec == std::errc() &&
                         read.ptr == digits.data() + digits.size() && id > 0;
  if (!canonical) return not_found("There is no such channel.");
  return storage.read([&](Tx& tx) -> Result<void> {
    bool exists = false;
    if (kind == "post") {
      const auto found = PostRepository(tx).find({id});
      if (!found) return found.error();
      exists = found->has_value();
    } else if (kind == "category") {
      const auto found = CategoryRepository(tx).find(CategoryId{id});
      if (!found) return found.error();
      exists = found->has_value();
    }
    if (exists) return {};
    return not_found("There is no such channel.");
  });
}

}  // namespace stoa::posts
