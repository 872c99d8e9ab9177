// Who may enter a conversation, and who hears of it.
#pragma once

#include <string>
#include <vector>

#include "chat_json.hpp"
#include "model.hpp"
#include "stoa/identity.hpp"
#include "stoa/storage.hpp"

namespace stoa::chat {

// A conversation as seen from inside.
struct Room {
  Conversation conversation;
  std::vector<Member> members;

  // Requires that the user is a member.
  const Member& member(UserId user) const;
  bool has(UserId user) const;
  std::optional<MessageId> last_message() const { return members.front().last_message; }
};

// Error: not_found, also for somebody who is not a member.
Result<Room> enter(Tx& tx, ConversationId id, UserId user);
Result<Member> require_member(Tx& tx, ConversationId id, UserId user);

// "chat:5"
std::string channel_of(ConversationId id);
// "user:1", "user:2"
std::vector<std::string> channels_of_members(const std::vector<Member>& members);
// Both.
std::vector<std::string> channels_of(ConversationId id, const std::vector<Member>& members);

// Profiles of the members, and of the sender of a message that may have left.
Result<People> people_of(const Identity& identity, const std::vector<Member>& members, UserId sender = {});

}  // namespace stoa::chat
