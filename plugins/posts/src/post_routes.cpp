#include "post_routes.hpp"

#include "actor.hpp"
#include "inputs.hpp"
#include "stoa/list.hpp"
#include "tags.hpp"

namespace stoa::posts {
namespace {

std::string address(PostId id) {
  return "/api/v1/posts/" + std::to_string(id.value);
}

Response answer(int status, const PostView& view, const std::optional<std::string>& local_id) {
  return json(status, post_json(view.full, view.around, local_id))
      .header("Location", address(view.full.post.id));
}

}  // namespace

Response PostRoutes::get(Request& request) const {
  const auto view = service_.get(request.id<PostId>("id"));
  if (!view) return view.error();
  const Post& post = view->full.post;
  return json(200, post_json(view->full, view->around))
      .shared({tag_of(post.id), tag_of(post.author), kCategoryNamesTag}, view->seq);
}

Response PostRoutes::create(Request& request) const {
  const auto settings = tools_.settings.get();
  auto input = read_new_post(request.body(), *settings);
  if (!input) return input.error();
  const Actor actor = actor_of(request);
  if (input->local_id) {
    const auto earlier = service_.find_local(actor, *input->local_id);
    if (!earlier) return earlier.error();
    if (*earlier) return answer(200, **earlier, input->local_id);
  }
  const std::string payload = draft_json(input->draft, actor.id);
  const auto filtered = fire_(kPostCreate, payload);
  if (!filtered) return filtered.error();
  if (*filtered != payload) {
    auto draft = read_filtered_post(*filtered, *settings);
    if (!draft) return draft.error();
    input->draft = std::move(*draft);
  }
  const auto created = service_.create(actor, input->draft, input->local_id);
  if (!created) return created.error();
  return answer(created->fresh ? 201 : 200, created->value, input->local_id);
}

Response PostRoutes::change(Request& request) const {
  const auto change = read_post_change(request.body(), *tools_.settings.get());
  if (!change) return change.error();
  const auto view = service_.change(actor_of(request), request.id<PostId>("id"), *change);
  if (!view) return view.error();
  return json(200, post_json(view->full, view->around));
}

Response PostRoutes::remove(Request& request) const {
  if (auto done = service_.remove(actor_of(request), request.id<PostId>("id")); !done) return done.error();
  return no_content();
}

Response PostRoutes::restore(Request& request) const {
  const auto view = service_.restore(request.id<PostId>("id"));
  if (!view) return view.error();
  return json(200, post_json(view->full, view->around));
}

Response PostRoutes::revisions(Request& request) const {
  const auto query = list_query(request, 1);
  if (!query) return query.error();
  const auto id = request.id<PostId>("id");
  const auto below = query->after ? std::optional<std::int64_t>(query->after->keys[0]) : std::nullopt;
  const auto page = service_.revisions(id, below, query->limit);
  if (!page) return page.error();
  std::vector<std::string> tags{tag_of(id)};
  for (const auto& [user, profile] : page->names) tags.push_back(tag_of(user));
  const auto next = page->next ? std::optional<Place>(Place{{*page->next}}) : std::nullopt;
  return list_response(request, revisions_json(page->items, page->names), next)
      .shared(std::move(tags), page->seq);
}

Response PostRoutes::preview(Request& request) const {
  auto body = read_preview(request.body(), *tools_.settings.get());
  if (!body) return body.error();
  const auto rendering = rendered(tools_.people, std::move(*body));
  if (!rendering) return rendering.error();
  Json answer;
  answer.begin_object().field("html", rendering->text.html).end_object();
  return json(200, answer.take());
}

}  // namespace stoa::posts
