#include "chat_routes.hpp"

namespace stoa::chat {
namespace {

std::string_view name_of(Presence presence) {
  switch (presence) {
    case Presence::offline: return "offline";
    case Presence::away: return "away";
    case Presence::online: return "online";
  }
  return "offline";
}

}  // namespace

Response ContactRoutes::list(Request& request) {
  const auto query = list_query(request, 2);
  if (!query) return query.error();
  const auto list = service_.list(request.require_user().id, *query);
  if (!list) return list.error();
  Json items;
  items.begin_array();
  for (const Contact& contact : list->items) {
    const Presence presence = presence_(contact.user);
    items.begin_object().key("user");
    write_person(items, contact.user, list->people);
    items.field("online", presence != Presence::offline)
        .field("status", name_of(presence))
        .field("conversation_id", contact.conversation)
        .key("last_message");
    if (contact.last_message) {
      write_message(items, *contact.last_message, list->people);
    } else {
      items.value(nullptr);
    }
    items.field("unread", contact.unread).end_object();
  }
  return list_response(request, items.end_array().take(), list->next).at(list->seq);
}

}  // namespace stoa::chat
