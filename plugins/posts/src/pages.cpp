#include "pages.hpp"

#include <algorithm>

#include "feed_routes.hpp"
#include "page_html.hpp"
#include "stoa/list.hpp"
#include "tags.hpp"

namespace stoa::posts {
namespace {

void add(std::vector<std::string>& tags, std::vector<std::string> more) {
  for (std::string& tag : more) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
  }
}

// A cursor that is none shows the first page: a page has no way to complain.
std::optional<Place> place_in(const Request& request, std::size_t keys) {
  const auto cursor = request.query("cursor");
  return cursor ? decode_place(*cursor, keys) : std::nullopt;
}

}  // namespace

Result<Page> Pages::feed(Request& request) const {
  return list(request, std::nullopt);
}

Result<Page> Pages::category(Request& request) const {
  return list(request, std::string(request.param("slug")));
}

Result<Page> Pages::list(const Request& request, std::optional<std::string> category) const {
  FeedQuery query;
  query.category = std::move(category);
  query.after = place_in(request, place_keys(query.sort));
  const auto feed = feeds_.list(query);
  if (!feed) return feed.error();
  const auto categories = categories_.list();
  if (!categories) return categories.error();

  const std::string path = feed->category ? "/c/" + feed->category->slug : "/";
  Page page;
  page.title = feed->category ? feed->category->name : "Latest posts";
  page.description = feed->category ? feed->category->description : "";
  page.canonical = query.after ? path + "?cursor=" + encode_place(*query.after) : path;
  page.html = feed_html(page.title, page.description, *feed, path);
  Json payload;
  payload.begin_object()
      .raw_field("posts", feed_json(*feed))
      .raw_field("categories", categories_json(categories->items))
      .end_object();
  page.payload = payload.take();
  page.tags = feed->tags();
  add(page.tags, {kCategoriesTag});
  page.seq = std::min(feed->seq, categories->seq);
  return page;
}

Result<Page> Pages::post(Request& request) const {
  const auto id = request.id<PostId>("id");
  const auto view = posts_.get(id);
  if (!view) return view.error();
  const CommentQuery query{.post = id, .place = place_in(request, kCommentPlaceKeys)};
  const auto comments = comments_.list(query);
  if (!comments) return comments.error();

  const Post& post = view->full.post;
  Page page;
  page.title = post.title;
  page.description = post.excerpt;
  page.canonical = path_of(post);
  if (query.place) page.canonical += "?cursor=" + encode_place(*query.place);
  page.html = post_html(*view, *comments);
  Json payload;
  payload.begin_object()
      .raw_field("post", post_json(view->full, view->around))
      .raw_field("comments", list_json(comments_json(comments->items, comments->names), comments->next,
                                       comments->previous))
      .end_object();
  page.payload = payload.take();
  page.tags = comments->tags(id);
  add(page.tags, {tag_of(post.author), kCategoryNamesTag});
  page.seq = std::min(view->seq, comments->seq);
  return page;
}

Result<Page> Pages::compose(Request&) {
  Page page;
  page.title = "New post";
  return page;
}

Result<Page> Pages::search(Request&) {
  Page page;
  page.title = "Search";
  return page;
}

}  // namespace stoa::posts
