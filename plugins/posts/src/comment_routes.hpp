#pragma once

#include "comment_service.hpp"
#include "hooks.hpp"
#include "stoa/stoa.hpp"

namespace stoa::posts {

class CommentRoutes {
 public:
  CommentRoutes(const CommentService& service, const Tools& tools, Fire fire)
      : service_(service), tools_(tools), fire_(std::move(fire)) {}

  Response list(Request& request) const;
  Response create(Request& request) const;
  Response change(Request& request) const;
  Response remove(Request& request) const;

 private:
  const CommentService& service_;
  const Tools& tools_;
  Fire fire_;
};

}  // namespace stoa::posts
