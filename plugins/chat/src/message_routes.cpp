#include "chat_routes.hpp"

namespace stoa::chat {
namespace {

constexpr std::int64_t kDefaultLimit = 10;
constexpr TextRule kLocalId{1, 64, false};

// before, after, and a cursor that continues both.
Result<Stretch> stretch_of(const Request& request) {
  const auto query = list_query(request, 2, kDefaultLimit);
  if (!query) return query.error();
  const auto before = integer_parameter(request, "before", 1, Fields::kMaxId);
  if (!before) return before.error();
  const auto after = integer_parameter(request, "after", 0, Fields::kMaxId);
  if (!after) return after.error();
  Stretch stretch{std::nullopt, {after->value_or(0)}, query->limit};
  if (*before) stretch.before = MessageId{**before};
  if (query->after) {
    stretch.before = MessageId{query->after->keys[0]};
    stretch.after = MessageId{query->after->keys[1]};
  }
  return stretch;
}

}  // namespace

Response MessageRoutes::list(Request& request) {
  const auto stretch = stretch_of(request);
  if (!stretch) return refuse_in_conversation(request, stretch.error());
  const auto history =
      messages_.history(request.require_user().id, request.id<ConversationId>("id"), *stretch);
  if (!history) return history.error();
  Json items;
  items.begin_array();
  for (const Message& message : history->items) write_message(items, message, history->people);
  std::optional<Place> next;
  if (history->more) next = Place{{history->items.back().id.value, stretch->after.value}};
  return list_response(request, items.end_array().take(), next).at(history->seq);
}

Response MessageRoutes::send(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return refuse_in_conversation(request, fields.error());
  const NewMessage wanted{fields->text("body", body_rule()), fields->optional_text("local_id", kLocalId)};
  if (auto ok = fields->finish(); !ok) return refuse_in_conversation(request, ok.error());
  const auto sent = messages_.send(request.require_user().id, request.id<ConversationId>("id"), wanted);
  if (!sent) return sent.error();
  return json(sent->created ? 201 : 200, message_json(sent->message, sent->people));
}

Response MessageRoutes::edit(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return refuse_of_message(request, fields.error());
  const std::string body = fields->text("body", body_rule());
  if (auto ok = fields->finish(); !ok) return refuse_of_message(request, ok.error());
  const auto edited = messages_.edit(request.require_user().id, request.id<MessageId>("id"), body);
  if (!edited) return edited.error();
  return json(200, message_json(edited->message, edited->people));
}

Response MessageRoutes::remove(Request& request) {
  const auto done = messages_.remove(request.require_user().id, request.id<MessageId>("id"));
  if (!done) return done.error();
  return no_content();
}

Response MessageRoutes::revisions(Request& request) {
  const auto revisions = messages_.revisions(request.require_user().id, request.id<MessageId>("id"));
  if (!revisions) return revisions.error();
  Json body;
  body.begin_object().key("items").begin_array();
  for (const Revision& revision : *revisions) {
    body.begin_object()
        .field("body", revision.body)
        .field("html", revision.html)
        .time_field("written_at", revision.written_at)
        .end_object();
  }
  return json(200, body.end_array().end_object().take());
}

Response MessageRoutes::read(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return refuse_in_conversation(request, fields.error());
  const MessageId message{fields->integer("message_id", 0, Fields::kMaxId)};
  if (auto ok = fields->finish(); !ok) return refuse_in_conversation(request, ok.error());
  const auto done = messages_.read(request.require_user().id, request.id<ConversationId>("id"), message);
  if (!done) return done.error();
  return no_content();
}

Response MessageRoutes::refuse_in_conversation(Request& request, const Error& error) {
  const auto seen = conversations_.check_member(request.require_user().id, request.id<ConversationId>("id"));
  return seen ? error : seen.error();
}

Response MessageRoutes::refuse_of_message(Request& request, const Error& error) {
  const auto own = messages_.check_own(request.require_user().id, request.id<MessageId>("id"));
  return own ? error : own.error();
}

TextRule MessageRoutes::body_rule() const {
  return {1, static_cast<std::size_t>(settings_.get().message_length), true};
}

}  // namespace stoa::chat
