// Server-rendered pages: what everybody may see, for crawlers and for the first paint.
#pragma once

#include "category_service.hpp"
#include "comment_service.hpp"
#include "feed_service.hpp"
#include "post_service.hpp"
#include "stoa/stoa.hpp"

namespace stoa::posts {

class Pages {
 public:
  Pages(const FeedService& feeds, const PostService& posts, const CommentService& comments,
        const CategoryService& categories)
      : feeds_(feeds), posts_(posts), comments_(comments), categories_(categories) {}

  Result<Page> feed(Request& request) const;
  Result<Page> category(Request& request) const;
  Result<Page> post(Request& request) const;
  static Result<Page> compose(Request& request);
  static Result<Page> search(Request& request);

 private:
  Result<Page> list(const Request& request, std::optional<std::string> category) const;

  const FeedService& feeds_;
  const PostService& posts_;
  const CommentService& comments_;
  const CategoryService& categories_;
};

}  // namespace stoa::posts
