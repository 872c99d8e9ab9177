#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "listing_repository.hpp"
#include "post_json.hpp"
#include "writing.hpp"

namespace stoa::posts {

struct FeedQuery {
  std::optional<std::string> category = {};  // slug
  std::optional<UserId> author = {};
  std::optional<UserId> liked_by = {};
  Sort sort = Sort::active;
  std::optional<Place> after = {};  // with place_keys(sort) keys
  std::int64_t limit = 20;
};

struct FeedPage {
  std::vector<Post> items;
  Surroundings around;
  std::optional<Category> category = {};  // that was asked for
  std::optional<Place> next = {};
  std::uint64_t seq = 0;

  // What a cached answer made of it shows.
  std::vector<std::string> tags() const;
};

// [worker] Lists of posts.
class FeedService {
 public:
  explicit FeedService(const Tools& tools) : tools_(tools) {}

  // Error: not_found, for an unknown category.
  Result<FeedPage> list(const FeedQuery& query) const;

 private:
  const Tools& tools_;
};

}  // namespace stoa::posts
