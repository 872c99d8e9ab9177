// Messages: writing, changing, reading.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access.hpp"
#include "settings.hpp"
#include "throttle.hpp"

namespace stoa::chat {

struct NewMessage {
  std::string body;  // Markdown
  std::optional<std::string> local_id;
};

// Part of a history: exclusive ids. 0 for `after` and none for `before` are the ends.
struct Stretch {
  std::optional<MessageId> before;
  MessageId after;
  std::int64_t limit = 10;
};

// [worker] Whoever is not a member of the conversation gets not_found.
class MessageService {
 public:
  MessageService(Storage storage, Identity identity, std::function<std::int64_t()> now_ms,
                 const CurrentSettings& settings, Throttle& throttle);

  struct Written {
    Message message;
    People people;
    bool created = false;
  };
  // The same local_id again: the first message. Errors: rate_limited.
  Result<Written> send(UserId me, ConversationId id, const NewMessage& wanted);
  // Errors: forbidden (somebody else's), conflict (deleted), rate_limited.
  Result<Written> edit(UserId me, MessageId id, const std::string& body);
  // Leaves a tombstone; the second time nothing happens. Errors: forbidden.
  Result<void> remove(UserId me, MessageId id);

  struct History {
    std::vector<Message> items;  // newest first
    bool more = false;
    People people;
    std::uint64_t seq = 0;
  };
  Result<History> history(UserId me, ConversationId id, const Stretch& stretch);
  // What the message said before its edits, newest first.
  Result<std::vector<Revision>> revisions(UserId me, MessageId id);

  // Everything up to that message is read; never goes back; 0 is nothing. Error: validation (not in the
  // conversation).
  Result<void> read(UserId me, ConversationId id, MessageId message);

  // Errors: not_found, forbidden (somebody else's).
  Result<void> check_own(UserId me, MessageId id);

 private:
  struct Text {
    std::string body;
    std::string html;
  };
  Text render(const std::string& body) const;
  Result<void> check_rate(UserId me);
  Result<void> change(Tx& tx, const Room& room, Message& message, const Text& text);

  Storage storage_;
  Identity identity_;
  std::function<std::int64_t()> now_ms_;
  const CurrentSettings& settings_;
  Throttle& throttle_;
};

}  // namespace stoa::chat
