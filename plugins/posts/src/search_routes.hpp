#pragma once

#include "search_service.hpp"
#include "stoa/stoa.hpp"

namespace stoa::posts {

class SearchRoutes {
 public:
  explicit SearchRoutes(const SearchService& service) : service_(service) {}

  Response search(Request& request) const;

 private:
  const SearchService& service_;
};

}  // namespace stoa::posts
