// The people panel: everybody one can write to.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "chat_json.hpp"
#include "model.hpp"
#include "stoa/identity.hpp"
#include "stoa/list.hpp"
#include "stoa/storage.hpp"

namespace stoa::chat {

struct Contact {
  UserId user;
  std::optional<ConversationId> conversation;
  std::optional<Message> last_message;
  std::int64_t unread = 0;
};

// [worker]
class ContactService {
 public:
  ContactService(Storage storage, Identity identity) : storage_(storage), identity_(identity) {}

  struct List {
    std::vector<Contact> items;
    People people;
    std::optional<Place> next;
    std::uint64_t seq = 0;
  };
  // By last message, newest first; then alphabetically those without any. Places have two keys. Error:
  // validation (a place this list never gave).
  Result<List> list(UserId me, const ListQuery& query);

 private:
  // Both append while there are at most `enough` contacts.
  Result<void> append_recent(Tx& tx, UserId me, MessageId before, std::size_t enough, List& list);
  Result<void> append_others(Tx& tx, UserId me, std::string after, std::size_t enough, List& list);

  Storage storage_;
  Identity identity_;
};

}  // namespace stoa::chat
