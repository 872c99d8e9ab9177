#include "chat_json.hpp"

namespace stoa::chat {

void write_person(Json& json, UserId id, const People& people) {
  const auto found = people.find(id);
  json.begin_object().field("id", id);
  if (found == people.end()) {
    json.field("nickname", "unknown").field("avatar_url", nullptr).end_object();
    return;
  }
  const Profile& profile = found->second;
  json.field("nickname", profile.nickname).key("avatar_url");
  if (profile.avatar_url.empty()) {
    json.value(nullptr);
  } else {
    json.value(profile.avatar_url);
  }
  json.end_object();
}

namespace {

void write_message_fields(Json& json, const Message& message, const People& people) {
  json.field("id", message.id).field("conversation_id", message.conversation).key("sender");
  write_person(json, message.sender, people);
  json.field("body", message.body)
      .field("html", message.html)
      .time_field("created_at", message.created_at)
      .time_field("edited_at", message.edited_at)
      .field("deleted", message.deleted_at.has_value())
      .field("local_id", message.local_id);
}

}  // namespace

void write_message(Json& json, const Message& message, const People& people) {
  json.begin_object();
  write_message_fields(json, message, people);
  json.end_object();
}

std::string message_json(const Message& message, const People& people) {
  Json json;
  write_message(json, message, people);
  return json.take();
}

void write_conversation(Json& json, const Conversation& conversation, const std::vector<Member>& members,
                        const People& people, const PersonalView* view) {
  json.begin_object()
      .field("id", conversation.id)
      .field("kind", conversation.is_pair ? "pair" : "group")
      .field("title", conversation.title)
      .field("creator_id", conversation.creator)
      .time_field("created_at", conversation.created_at)
      .key("members")
      .begin_array();
  for (const Member& member : members) write_person(json, member.user, people);
  json.end_array().key("read").begin_array();
  for (const Member& member : members) {
    json.begin_object().field("user_id", member.user).field("message_id", member.read).end_object();
  }
  json.end_array();
  if (view) {
    json.key("last_message");
    if (view->last_message) {
      write_message(json, *view->last_message, people);
    } else {
      json.value(nullptr);
    }
    json.field("unread", view->unread);
  }
  json.end_object();
}

std::string message_event(const Message& message, const People& people, const Conversation& conversation,
                          const std::vector<Member>& members) {
  Json json;
  json.begin_object();
  write_message_fields(json, message, people);
  json.field("conversation_title", conversation.title).key("member_ids").begin_array();
  for (const Member& member : members) json.value(member.user);
  return json.end_array().end_object().take();
}

std::string deleted_event(const Message& message) {
  return Json()
      .begin_object()
      .field("id", message.id)
      .field("conversation_id", message.conversation)
      .end_object()
      .take();
}

std::string read_event(ConversationId conversation, const Member& reader) {
  return Json()
      .begin_object()
      .field("conversation_id", conversation)
      .field("user_id", reader.user)
      .field("message_id", reader.read)
      .field("unread", reader.unread)
      .end_object()
      .take();
}

std::string unread_event(ConversationId conversation,
                         const std::vector<std::pair<UserId, std::int64_t>>& unread,
                         const Message* withdrawn) {
  Json json;
  json.begin_object().field("conversation_id", conversation).key("unread").begin_array();
  for (const auto& [user, count] : unread) {
    json.begin_object().field("user_id", user).field("unread", count).end_object();
  }
  json.end_array();
  if (withdrawn) json.field("message_id", withdrawn->id).field("sender_id", withdrawn->sender);
  return json.end_object().take();
}

std::string typing_data(UserId user, std::string_view nickname, bool started) {
  return Json()
      .begin_object()
      .key("user")
      .begin_object()
      .field("id", user)
      .field("nickname", nickname)
      .end_object()
      .field("state", started ? "start" : "stop")
      .end_object()
      .take();
}

}  // namespace stoa::chat
