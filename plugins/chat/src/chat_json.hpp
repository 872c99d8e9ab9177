// The chat as JSON: in answers and in events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model.hpp"
#include "stoa/identity.hpp"
#include "stoa/json.hpp"

namespace stoa::chat {

using People = std::unordered_map<UserId, Profile>;

// {id,nickname,avatar_url}; somebody nobody knows (any more) is "unknown".
void write_person(Json& json, UserId id, const People& people);
void write_message(Json& json, const Message& message, const People& people);
std::string message_json(const Message& message, const People& people);

// What only one member may know of a conversation.
struct PersonalView {
  const std::optional<Message>& last_message;
  std::int64_t unread = 0;
};
// Without a view: as every member may see it.
void write_conversation(Json& json, const Conversation& conversation, const std::vector<Member>& members,
                        const People& people, const PersonalView* view);

// Data of events.
std::string message_event(const Message& message, const People& people, const Conversation& conversation,
                          const std::vector<Member>& members);
std::string deleted_event(const Message& message);
std::string read_event(ConversationId conversation, const Member& reader);
std::string unread_event(ConversationId conversation,
                         const std::vector<std::pair<UserId, std::int64_t>>& unread,
                         const Message* withdrawn);
std::string typing_data(UserId user, std::string_view nickname, bool started);

}  // namespace stoa::chat
