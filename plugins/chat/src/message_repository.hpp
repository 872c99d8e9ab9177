// Messages: one method for each statement.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::chat::message_repository {

// `message.id` does not count.
Result<MessageId> insert(Tx& tx, const Message& message, int renderer);
Result<std::optional<Message>> find(Tx& tx, MessageId id);
Result<std::optional<Message>> find_by_local_id(Tx& tx, ConversationId conversation, UserId sender,
                                                std::string_view local_id);
// Newest first, both ends exclusive.
Result<std::vector<Message>> list(Tx& tx, ConversationId conversation, MessageId before, MessageId after,
                                  std::int64_t limit);
// Messages of others after `after` up to and including `up_to` that are not deleted.
Result<std::int64_t> count_unread_between(Tx& tx, ConversationId conversation, MessageId after,
                                          MessageId up_to, UserId reader);
// Body, HTML and time of the edit.
Result<void> update(Tx& tx, const Message& message, int renderer);
// Leaves an empty row.
Result<void> remove(Tx& tx, MessageId id, std::int64_t deleted_at);

Result<void> insert_revision(Tx& tx, MessageId message, const Revision& revision);
// Newest first.
Result<std::vector<Revision>> list_revisions(Tx& tx, MessageId message, std::int64_t limit);
Result<void> delete_revisions(Tx& tx, MessageId message);

}  // namespace stoa::chat::message_repository
