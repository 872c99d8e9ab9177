#include "feed_routes.hpp"

#include "inputs.hpp"
#include "stoa/list.hpp"

namespace stoa::posts {
namespace {

Result<Sort> read_sort(const Request& request) {
  const auto sort = request.query("sort").value_or("active");
  if (sort == "active") return Sort::active;
  if (sort == "new") return Sort::fresh;
  if (sort == "top") return Sort::top;
  return bad_query("sort", "must be active, new or top");
}

}  // namespace

std::string feed_json(const FeedPage& page) {
  return list_json(summaries_json(page.items, page.around), page.next);
}

Response FeedRoutes::list(Request& request) const {
  const auto author = request.query("author");
  const auto liked = request.query("liked");
  const auto user = request.user();
  const bool own = author == "me" || liked == "me";
  if (own && !user) return Error{ErrorCode::unauthenticated, "Log in first."};

  FeedQuery query;
  if (liked && liked != "me") return bad_query("liked", "must be me");
  const auto sort = read_sort(request);
  if (!sort) return sort.error();
  query.sort = *sort;
  const auto place = list_query(request, place_keys(query.sort));
  if (!place) return place.error();
  query.after = place->after;
  query.limit = place->limit;
  if (liked) query.liked_by = user->id;
  if (const auto category = request.query("category")) query.category = std::string(*category);
  if (author == "me") {
    query.author = user->id;
  } else if (author) {
    const auto profile = people_.by_nickname(*author);
    if (!profile) return profile.error();
    if (!*profile) return not_found("There is no such user.");
    query.author = (*profile)->id;
  }

  const auto page = service_.list(query);
  if (!page) return page.error();
  Response answer = list_response(request, summaries_json(page->items, page->around), page->next);
  if (own) return std::move(answer).at(page->seq);
  return std::move(answer).shared(page->tags(), page->seq);
}

}  // namespace stoa::posts
