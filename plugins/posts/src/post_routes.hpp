#pragma once

#include "hooks.hpp"
#include "post_service.hpp"
#include "stoa/stoa.hpp"

namespace stoa::posts {

class PostRoutes {
 public:
  PostRoutes(const PostService& service, const Tools& tools, Fire fire)
      : service_(service), tools_(tools), fire_(std::move(fire)) {}

  Response get(Request& request) const;
  Response create(Request& request) const;
  Response change(Request& request) const;
  Response remove(Request& request) const;
  Response restore(Request& request) const;
  Response revisions(Request& request) const;
  Response preview(Request& request) const;

 private:
  const PostService& service_;
  const Tools& tools_;
  Fire fire_;
};

}  // namespace stoa::posts
