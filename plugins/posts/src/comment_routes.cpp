#include "comment_routes.hpp"

#include "actor.hpp"
#include "inputs.hpp"
#include "post_json.hpp"
#include "stoa/list.hpp"

namespace stoa::posts {
namespace {

Result<CommentSort> read_sort(const Request& request) {
  const auto sort = request.query("sort").value_or("old");
  if (sort == "old") return CommentSort::old;
  if (sort == "new") return CommentSort::fresh;
  if (sort == "top") return CommentSort::top;
  return bad_query("sort", "must be old, new or top");
}

Response answer(int status, const CommentView& view, const std::optional<std::string>& local_id) {
  const Comment& comment = view.comment;
  return json(status, comment_json(comment, view.names, local_id))
      .header("Location", "/api/v1/posts/" + std::to_string(comment.post.value) +
                              "/comments?around=" + std::to_string(comment.id.value));
}

}  // namespace

Response CommentRoutes::list(Request& request) const {
  const auto sort = read_sort(request);
  if (!sort) return sort.error();
  const auto place = list_query(request, kCommentPlaceKeys);
  if (!place) return place.error();
  const auto around = integer_parameter(request, "around", 1, Fields::kMaxId);
  if (!around) return around.error();
  CommentQuery query{
      .post = request.id<PostId>("id"), .sort = *sort, .place = place->after, .limit = place->limit};
  if (*around) query.around = CommentId{**around};
  const auto page = service_.list(query);
  if (!page) return page.error();
  return list_response(request, comments_json(page->items, page->names), page->next, page->previous)
      .shared(page->tags(query.post), page->seq);
}

Response CommentRoutes::create(Request& request) const {
  const auto settings = tools_.settings.get();
  auto input = read_new_comment(request.body(), *settings);
  if (!input) return input.error();
  const Actor actor = actor_of(request);
  const auto post = request.id<PostId>("id");
  if (input->local_id) {
    const auto earlier = service_.find_local(actor, *input->local_id);
    if (!earlier) return earlier.error();
    if (*earlier) return answer(200, **earlier, input->local_id);
  }
  const std::string payload = draft_json(input->draft, actor.id, post);
  const auto filtered = fire_(kCommentCreate, payload);
  if (!filtered) return filtered.error();
  if (*filtered != payload) {
    auto draft = read_filtered_comment(*filtered, *settings);
    if (!draft) return draft.error();
    input->draft = std::move(*draft);
  }
  const auto created = service_.create(actor, post, input->draft, input->local_id);
  if (!created) return created.error();
  return answer(created->fresh ? 201 : 200, created->value, input->local_id);
}

Response CommentRoutes::change(Request& request) const {
  const auto edit = read_comment_edit(request.body(), *tools_.settings.get());
  if (!edit) return edit.error();
  const auto view =
      service_.change(actor_of(request), request.id<CommentId>("id"), edit->body, edit->revision);
  if (!view) return view.error();
  return json(200, comment_json(view->comment, view->names));
}

Response CommentRoutes::remove(Request& request) const {
  if (auto done = service_.remove(actor_of(request), request.id<CommentId>("id")); !done) return done.error();
  return no_content();
}

}  // namespace stoa::posts
