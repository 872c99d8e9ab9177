// What the chat is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stoa/id.hpp"

namespace stoa::chat {

using ConversationId = Id<struct ConversationTag>;
using MessageId = Id<struct MessageTag>;

// Times are milliseconds since 1970.
struct Message {
  MessageId id;
  ConversationId conversation;
  UserId sender;
  std::string body;  // Markdown; empty once deleted
  std::string html;
  std::int64_t created_at = 0;
  std::optional<std::int64_t> edited_at;
  std::optional<std::int64_t> deleted_at;
  std::optional<std::string> local_id;
};

// What a message said before an edit.
struct Revision {
  std::string body;
  std::string html;
  std::int64_t written_at = 0;
};

struct Conversation {
  ConversationId id;
  bool is_pair = false;  // of two people for ever; there is one for each two
  std::optional<std::string> title;
  UserId creator;
  std::int64_t created_at = 0;
};

struct Member {
  UserId user;
  std::optional<MessageId> last_message;  // of the conversation
  MessageId read;                         // the newest message this member has read; 0: none
  std::int64_t unread = 0;
};

// A conversation in the list of one of its members.
struct Membership {
  ConversationId conversation;
  std::int64_t activity_at = 0;
  std::optional<MessageId> last_message;
  std::int64_t unread = 0;
};

// The one conversation with somebody.
struct Pair {
  UserId peer;
  ConversationId conversation;
  std::int64_t unread = 0;
  std::optional<MessageId> last_message;
};

struct Unread {
  ConversationId conversation;
  std::int64_t count = 0;
};

}  // namespace stoa::chat
