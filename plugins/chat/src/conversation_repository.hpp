// Conversations and their members: one method for each statement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::chat::conversation_repository {

struct NewConversation {
  bool is_pair = false;
  std::optional<std::string> title;
  UserId creator;
  std::optional<std::string> local_id;
  std::int64_t created_at = 0;
};

struct NewMember {
  ConversationId conversation;
  UserId user;
  std::optional<UserId> peer;  // of a pair
  std::int64_t joined_at = 0;
  std::optional<MessageId> last_message;  // of the conversation; everything up to it counts as read
};

Result<ConversationId> insert(Tx& tx, const NewConversation& conversation);
Result<std::optional<Conversation>> find(Tx& tx, ConversationId id);
Result<std::optional<ConversationId>> find_by_local_id(Tx& tx, UserId creator, std::string_view local_id);
Result<void> update_title(Tx& tx, ConversationId id, const std::optional<std::string>& title);
Result<void> update_creator(Tx& tx, ConversationId id, UserId creator);

Result<void> insert_member(Tx& tx, const NewMember& member);
Result<void> delete_member(Tx& tx, ConversationId id, UserId user);
// Those who joined first come first.
Result<std::vector<Member>> find_members(Tx& tx, ConversationId id);
Result<std::optional<Member>> find_member(Tx& tx, ConversationId id, UserId user);

Result<std::optional<Pair>> find_pair(Tx& tx, UserId user, UserId peer);
// Pairs of the user with a message, the newest below `before` first.
Result<std::vector<Pair>> list_recent_pairs(Tx& tx, UserId user, MessageId before, std::int64_t limit);
// Newest activity first, those after that place.
Result<std::vector<Membership>> list_memberships(Tx& tx, UserId user, std::int64_t activity_at,
                                                 ConversationId id, std::int64_t limit);
Result<std::vector<Unread>> list_unread(Tx& tx, UserId user);

// A new message: newest of its conversation, unread by everybody but its sender.
Result<void> count_message(Tx& tx, const Message& message);
// The same taken back for those who have not read it; their counts now.
Result<std::vector<std::pair<UserId, std::int64_t>>> uncount_message(Tx& tx, const Message& message);
Result<void> read_up_to(Tx& tx, ConversationId id, UserId user, MessageId message, std::int64_t unread);

}  // namespace stoa::chat::conversation_repository
