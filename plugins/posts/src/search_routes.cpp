#include "search_routes.hpp"

#include "inputs.hpp"
#include "stoa/list.hpp"

namespace stoa::posts {
namespace {

constexpr std::size_t kMaxQuery = 200;  // characters

std::string hits_json(const SearchPage& page) {
  Json json;
  json.begin_array();
  for (const Hit& hit : page.items) {
    json.begin_object()
        .field("kind", hit.kind == Kind::post ? "post" : "comment")
        .field("id", hit.id)
        .field("post_id", hit.post)
        .field("post_slug", hit.slug)
        .field("title", hit.title)
        .field("snippet", hit.snippet)
        .key("author");
    write_person(json, page.names, hit.author);
    json.time_field("created_at", hit.created_at).end_object();
  }
  return json.end_array().take();
}

}  // namespace

Response SearchRoutes::search(Request& request) const {
  const std::string_view text = trimmed(request.query("q").value_or(std::string_view()));
  if (text.empty()) return bad_query("q", "must not be empty");
  if (code_points(text) > kMaxQuery) return bad_query("q", "takes at most 200 characters");
  const auto type = request.query("type");
  if (type && *type != "posts" && *type != "comments") return bad_query("type", "must be posts or comments");
  const auto place = list_query(request, kSearchPlaceKeys);
  if (!place) return place.error();
  auto query = parse_search(text);
  if (!query) return query.error();
  const auto page = service_.search({.query = std::move(*query),
                                     .posts = !type || *type == "posts",
                                     .comments = !type || *type == "comments",
                                     .after = place->after,
                                     .limit = place->limit});
  if (!page) return page.error();
  return list_response(request, hits_json(*page), page->next).shared({}, 0);
}

}  // namespace stoa::posts
