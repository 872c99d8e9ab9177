#pragma once

#include "category_service.hpp"
#include "stoa/stoa.hpp"

namespace stoa::posts {

class CategoryRoutes {
 public:
  explicit CategoryRoutes(const CategoryService& service) : service_(service) {}

  Response list(Request& request) const;
  Response create(Request& request) const;
  Response change(Request& request) const;
  Response remove(Request& request) const;

 private:
  const CategoryService& service_;
};

}  // namespace stoa::posts
