#include "chat_routes.hpp"

namespace stoa::chat {
namespace {

constexpr TextRule kTitle{0, 100, false};
constexpr TextRule kLocalId{1, 64, false};

void write(Json& json, const ConversationView& view) {
  const PersonalView personal{view.last_message, view.unread};
  write_conversation(json, view.room.conversation, view.room.members, view.people, &personal);
}

std::string to_json(const ConversationView& view) {
  Json body;
  write(body, view);
  return body.take();
}

// An empty title is none.
std::optional<std::string> title_of(std::optional<std::string> text) {
  if (text && text->empty()) return std::nullopt;
  return text;
}

}  // namespace

Response ConversationRoutes::list(Request& request) {
  const auto query = list_query(request, 2);
  if (!query) return query.error();
  const auto list = service_.list(request.require_user().id, *query);
  if (!list) return list.error();
  Json items;
  items.begin_array();
  for (const ConversationView& view : list->items) write(items, view);
  return list_response(request, items.end_array().take(), list->next).at(list->seq);
}

Response ConversationRoutes::open(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  NewConversation wanted;
  for (std::int64_t id : fields->ids("member_ids", 1, static_cast<std::size_t>(settings_.get().group_size))) {
    wanted.members.push_back({id});
  }
  wanted.title = title_of(fields->optional_text("title", kTitle));
  wanted.local_id = fields->optional_text("local_id", kLocalId);
  if (auto ok = fields->finish(); !ok) return ok.error();
  const auto opened = service_.open(request.require_user().id, wanted);
  if (!opened) return opened.error();
  if (!opened->created) return json(200, to_json(opened->view));
  const std::string id = std::to_string(opened->view.room.conversation.id.value);
  return json(201, to_json(opened->view)).header("Location", "/api/v1/chat/conversations/" + id);
}

Response ConversationRoutes::get(Request& request) {
  const auto view = service_.get(request.require_user().id, request.id<ConversationId>("id"));
  if (!view) return view.error();
  return json(200, to_json(*view));
}

Response ConversationRoutes::rename(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return refuse(request, fields.error());
  if (!fields->has("title")) fields->reject("title", "required", "is required");
  const auto title = title_of(fields->optional_text("title", kTitle));
  if (auto ok = fields->finish(); !ok) return refuse(request, ok.error());
  const auto view = service_.rename(request.require_user().id, request.id<ConversationId>("id"), title);
  if (!view) return view.error();
  return json(200, to_json(*view));
}

Response ConversationRoutes::add_member(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return refuse(request, fields.error());
  const UserId user{fields->integer("user_id", 1, Fields::kMaxId)};
  if (auto ok = fields->finish(); !ok) return refuse(request, ok.error());
  const auto added = service_.add_member(request.require_user().id, request.id<ConversationId>("id"), user);
  if (!added) return added.error();
  return json(200, to_json(added->view));
}

Response ConversationRoutes::remove_member(Request& request) {
  const auto done = service_.remove_member(request.require_user().id, request.id<ConversationId>("id"),
                                           request.id<UserId>("user_id"));
  if (!done) return done.error();
  return no_content();
}

Response ConversationRoutes::unread(Request& request) {
  const auto counts = service_.unread(request.require_user().id);
  if (!counts) return counts.error();
  std::int64_t total = 0;
  for (const Unread& unread : counts->conversations) total += unread.count;
  Json body;
  body.begin_object().field("total", total).key("conversations").begin_array();
  for (const Unread& unread : counts->conversations) {
    body.begin_object().field("id", unread.conversation).field("unread", unread.count).end_object();
  }
  return json(200, body.end_array().end_object().take()).at(counts->seq);
}

Response ConversationRoutes::refuse(Request& request, const Error& error) {
  const auto seen = service_.check_member(request.require_user().id, request.id<ConversationId>("id"));
  return seen ? error : seen.error();
}

}  // namespace stoa::chat
