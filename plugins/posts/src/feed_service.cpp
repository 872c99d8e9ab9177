#include "feed_service.hpp"

#include "category_repository.hpp"
#include "stoa/stoa.hpp"
#include "tags.hpp"

namespace stoa::posts {

std::vector<std::string> FeedPage::tags() const {
  std::vector<std::string> all{category ? tag_of(category->id) : kFeedTag, kCategoryNamesTag};
  for (const auto& [id, profile] : around.names) all.push_back(tag_of(id));
  return all;
}

Result<FeedPage> FeedService::list(const FeedQuery& query) const {
  return tools_.storage.read([&](Tx& tx) -> Result<FeedPage> {
    FeedPage page;
    CategoryRepository categories(tx);
    auto all = categories.list();
    if (!all) return all.error();
    page.around.categories = std::move(*all);
    if (query.category) {
      auto found = categories.find(*query.category);
      if (!found) return found.error();
      if (!*found) return not_found("There is no such category.");
      page.category = std::move(*found);
    }

    Listing listing{
        .liked_by = query.liked_by, .sort = query.sort, .after = query.after, .limit = query.limit + 1};
    if (page.category) listing.shelf = Shelf::of(page.category->id);
    if (query.author) {
      listing.also = listing.shelf;
      listing.shelf = Shelf::of(*query.author);
    }
    auto items = ListingRepository(tx).list(listing);
    if (!items) return items.error();
    page.items = std::move(*items);
    if (static_cast<std::int64_t>(page.items.size()) > query.limit) {
      page.items.resize(static_cast<std::size_t>(query.limit));
      page.next = place_of(query.sort, page.items.back());
    }

    std::vector<UserId> authors;
    for (const Post& post : page.items) authors.push_back(post.author);
    auto names = tools_.people.named(std::move(authors));
    if (!names) return names.error();
    page.around.names = std::move(*names);
    const auto seq = tx.log_head();
    if (!seq) return seq.error();
    page.seq = *seq;
    return page;
  });
}

}  // namespace stoa::posts
