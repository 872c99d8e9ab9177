#pragma once

#include "feed_service.hpp"
#include "stoa/stoa.hpp"

namespace stoa::posts {

class FeedRoutes {
 public:
  FeedRoutes(const FeedService& service, const People& people) : service_(service), people_(people) {}

  // Shared by everybody, but for author=me and liked=me.
  Response list(Request& request) const;

 private:
  const FeedService& service_;
  const People& people_;
};

// The body of a feed's answer.
std::string feed_json(const FeedPage& page);

}  // namespace stoa::posts
