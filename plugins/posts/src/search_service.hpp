#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "people.hpp"
#include "search_query.hpp"
#include "search_repository.hpp"
#include "stoa/list.hpp"
#include "writing.hpp"

namespace stoa::posts {

// Places: the last post and the last comment that were looked at.
inline constexpr std::size_t kSearchPlaceKeys = 2;

struct SearchRequest {
  SearchQuery query;
  bool posts = true;
  bool comments = true;
  std::optional<Place> after = {};
  std::int64_t limit = 20;
};

struct SearchPage {
  std::vector<Hit> items;  // newest first
  Names names;
  std::optional<Place> next = {};
};

// [worker] What everybody may read, found by its words.
class SearchService {
 public:
  explicit SearchService(const Tools& tools) : tools_(tools) {}

  // Looks at a bounded number of matches, so a page may hold fewer than `limit` though more follow.
  Result<SearchPage> search(const SearchRequest& request) const;

 private:
  const Tools& tools_;
};

}  // namespace stoa::posts
