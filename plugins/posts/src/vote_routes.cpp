#include "vote_routes.hpp"

#include "inputs.hpp"

namespace stoa::posts {
namespace {

Response counted(const Result<VoteCount>& count, std::int64_t value) {
  if (!count) return count.error();
  Json answer;
  answer.begin_object()
      .field("likes", count->likes)
      .field("dislikes", count->dislikes)
      .field("my_vote", value)
      .end_object();
  return json(200, answer.take());
}

std::string states_json(const std::vector<PersonalState>& states, UserId user) {
  Json json;
  json.begin_object().field("user_id", user).key("items").begin_array();
  for (const PersonalState& state : states) {
    json.begin_object()
        .field("id", state.post)
        .field("my_vote", state.vote)
        .field("last_read_comment_id", state.last_read)
        .field("subscription", "normal")
        .key("comment_votes")
        .begin_object();
    for (const CommentVote& vote : state.comment_votes)
      json.field(std::to_string(vote.comment.value), vote.value);
    json.end_object().end_object();
  }
  return json.end_array().end_object().take();
}

// {"items":[…]} of what the filters left.
Result<std::string> answer_of(std::string_view payload) {
  const auto document = parse_json(payload);
  if (!document) return document.error();
  if (!document->IsObject() || !document->HasMember("items")) return Error{ErrorCode::internal};
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  (*document)["items"].Accept(writer);
  return "{\"items\":" + std::string(buffer.GetString(), buffer.GetSize()) + "}";
}

}  // namespace

Response VoteRoutes::vote_on_post(Request& request) const {
  const auto value = read_vote(request.body());
  if (!value) return value.error();
  return counted(service_.vote(request.require_user().id, request.id<PostId>("id"), *value), *value);
}

Response VoteRoutes::vote_on_comment(Request& request) const {
  const auto value = read_vote(request.body());
  if (!value) return value.error();
  return counted(service_.vote(request.require_user().id, request.id<CommentId>("id"), *value), *value);
}

Response VoteRoutes::state(Request& request) const {
  const auto posts = read_post_ids(request);
  if (!posts) return posts.error();
  const UserId user = request.require_user().id;
  const auto states = service_.states(user, *posts);
  if (!states) return states.error();
  const auto filtered = fire_(kState, states_json(*states, user));
  if (!filtered) return filtered.error();
  auto answer = answer_of(*filtered);
  if (!answer) return answer.error();
  return json(200, std::move(*answer));
}

Response VoteRoutes::read(Request& request) const {
  const auto comment = read_progress(request.body());
  if (!comment) return comment.error();
  if (auto done = service_.read_to(request.require_user().id, request.id<PostId>("id"), *comment); !done)
    return done.error();
  return no_content();
}

}  // namespace stoa::posts
