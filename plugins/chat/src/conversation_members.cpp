// The part of ConversationService that changes who is in a conversation.
#include <algorithm>

#include "conversation_repository.hpp"
#include "conversation_service.hpp"

namespace stoa::chat {
namespace {

namespace conversations = conversation_repository;

Error of_a_pair() {
  return {ErrorCode::conflict, "The members of a conversation between two people cannot change."};
}

}  // namespace

Result<ConversationService::Added> ConversationService::add_member(UserId me, ConversationId id,
                                                                   UserId user) {
  return storage_.write([&](Tx& tx) -> Result<Added> {
    auto room = enter(tx, id, me);
    if (!room) return room.error();
    if (auto ok = check_reachable({user}, [](std::size_t) { return "/user_id"; }); !ok) return ok.error();
    if (room->conversation.is_pair) return of_a_pair();
    if (room->has(user)) {
      auto same = view(tx, me, std::move(*room));
      if (!same) return same.error();
      return Added{std::move(*same), false};
    }
    if (room->members.size() >= static_cast<std::size_t>(settings_.get().group_size))
      return Error{ErrorCode::conflict, "The conversation is full."};

    if (auto ok = conversations::insert_member(tx, {id, user, std::nullopt, now_ms_(), room->last_message()});
        !ok) {
      return ok.error();
    }
    room = enter(tx, id, me);
    if (!room) return room.error();
    if (auto ok = tell_updated(tx, *room, channels_of_members(room->members)); !ok) return ok.error();
    auto now = view(tx, me, std::move(*room));
    if (!now) return now.error();
    return Added{std::move(*now), true};
  });
}

Result<void> ConversationService::remove_member(UserId me, ConversationId id, UserId user) {
  return storage_.write([&](Tx& tx) -> Result<void> {
    auto room = enter(tx, id, me);
    if (!room) return room.error();
    if (room->conversation.is_pair) return of_a_pair();
    if (!room->has(user)) return not_found("They are not in this conversation.");
    if (user != me && room->conversation.creator != me)
      return Error{ErrorCode::forbidden, "Only who started a conversation removes others from it."};

    const bool had_unread = room->member(user).unread > 0;
    if (auto ok = conversations::delete_member(tx, id, user); !ok) return ok;
    if (auto ok = tx.revoke(channel_of(id), user); !ok) return ok;
    std::vector<std::string> audience = channels_of_members(room->members);  // also who goes
    std::erase_if(room->members, [&](const Member& member) { return member.user == user; });
    if (user == room->conversation.creator && !room->members.empty()) {
      room->conversation.creator = room->members.front().user;
      if (auto ok = conversations::update_creator(tx, id, room->conversation.creator); !ok) return ok;
    }
    if (auto ok = tell_updated(tx, *room, audience); !ok) return ok;
    if (!had_unread) return {};
    const auto told = tx.emit({"chat.unread.changed", {}, {}, unread_event(id, {{user, 0}}, nullptr)});
    if (!told) return told.error();
    return {};
  });
}

Result<void> ConversationService::check_reachable(
    const std::vector<UserId>& users, const std::function<std::string(std::size_t)>& pointer) const {
  auto people = identity_.lookup(users);
  if (!people) return people.error();
  Error error{ErrorCode::validation, "Somebody cannot be written to."};
  for (std::size_t i = 0; i < users.size(); ++i) {
    const auto found = people->find(users[i]);
    if (found == people->end() || found->second.suspended)
      error.fields.push_back({pointer(i), "unknown_user", "is nobody who can be written to"});
  }
  if (error.fields.empty()) return {};
  return error;
}

}  // namespace stoa::chat
