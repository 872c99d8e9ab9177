#include "access.hpp"

#include <algorithm>

#include "conversation_repository.hpp"
#include "stoa/request.hpp"

namespace stoa::chat {
namespace {

auto find(const std::vector<Member>& members, UserId user) {
  return std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.user == user; });
}

Error no_conversation() {
  return not_found("There is no such conversation.");
}

}  // namespace

const Member& Room::member(UserId user) const {
  return *find(members, user);
}

bool Room::has(UserId user) const {
  return find(members, user) != members.end();
}

Result<Room> enter(Tx& tx, ConversationId id, UserId user) {
  auto members = conversation_repository::find_members(tx, id);
  if (!members) return members.error();
  if (find(*members, user) == members->end()) return no_conversation();
  auto conversation = conversation_repository::find(tx, id);
  if (!conversation) return conversation.error();
  if (!*conversation) return no_conversation();
  return Room{std::move(**conversation), std::move(*members)};
}

Result<Member> require_member(Tx& tx, ConversationId id, UserId user) {
  auto member = conversation_repository::find_member(tx, id, user);
  if (!member) return member.error();
  if (!*member) return no_conversation();
  return **member;
}

std::string channel_of(ConversationId id) {
  return "chat:" + std::to_string(id.value);
}

std::vector<std::string> channels_of_members(const std::vector<Member>& members) {
  std::vector<std::string> channels;
  for (const Member& member : members) channels.push_back("user:" + std::to_string(member.user.value));
  return channels;
}

std::vector<std::string> channels_of(ConversationId id, const std::vector<Member>& members) {
  std::vector<std::string> channels = channels_of_members(members);
  channels.insert(channels.begin(), channel_of(id));
  return channels;
}

Result<People> people_of(const Identity& identity, const std::vector<Member>& members, UserId sender) {
  std::vector<UserId> ids;
  for (const Member& member : members) ids.push_back(member.user);
  if (sender) ids.push_back(sender);
  return identity.lookup(ids);
}

}  // namespace stoa::chat
