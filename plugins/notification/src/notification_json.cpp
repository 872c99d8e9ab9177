#include "notification_json.hpp"

namespace stoa::notification {
namespace {

std::string_view nickname_of(UserId id, const People& people) {
  const auto found = people.find(id);
  return found == people.end() ? std::string_view("unknown") : std::string_view(found->second.nickname);
}

void write_person(Json& json, UserId id, const People& people) {
  const auto found = people.find(id);
  json.begin_object().field("id", id).field("nickname", nickname_of(id, people)).key("avatar_url");
  if (found == people.end() || found->second.avatar_url.empty()) {
    json.value(nullptr);
  } else {
    json.value(found->second.avatar_url);
  }
  json.end_object();
}

void write_fields(Json& json, const View& view, const People& people) {
  const Item& item = view.item;
  const Subject& subject = item.subject;
  json.field("id", item.id).field("type", to_string(item.type)).key("actors").begin_array();
  for (UserId actor : view.actors) write_person(json, actor, people);
  std::string_view title = subject.title;
  if (title.empty() && !view.actors.empty()) title = nickname_of(view.actors.front(), people);
  json.end_array()
      .field("count", item.count)
      .key("subject")
      .begin_object()
      .field("kind", to_string(subject.kind))
      .field("id", subject.id)
      .field("title", title)
      .field("url", subject.url)
      .end_object()
      .time_field("created_at", item.created_at)
      .time_field("updated_at", item.updated_at)
      .field("read", item.state != State::unread);
}

}  // namespace

void write_view(Json& json, const View& view, const People& people) {
  json.begin_object();
  write_fields(json, view, people);
  json.end_object();
}

std::string view_event(const View& view, const People& people, std::int64_t unread,
                       std::optional<NotificationId> replaces) {
  Json json;
  json.begin_object();
  write_fields(json, view, people);
  if (replaces) json.field("replaces", *replaces);
  return json.field("unread", unread).end_object().take();
}

std::string read_event(const std::vector<NotificationId>& ids, bool deleted, std::int64_t unread) {
  Json json;
  json.begin_object().key("ids").begin_array();
  for (NotificationId id : ids) json.value(id);
  json.end_array();
  if (deleted) json.field("deleted", true);
  return json.field("unread", unread).end_object().take();
}

std::string read_up_to_event(NotificationId up_to, std::int64_t unread) {
  return Json().begin_object().field("up_to", up_to).field("unread", unread).end_object().take();
}

std::string read_all_event(std::int64_t unread) {
  return Json().begin_object().field("all", true).field("unread", unread).end_object().take();
}

}  // namespace stoa::notification
