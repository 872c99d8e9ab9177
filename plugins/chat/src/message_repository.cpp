#include "message_repository.hpp"

#include <string>

#include "chat_sql.hpp"

namespace stoa::chat::message_repository {
namespace {

Result<void> done(const Result<std::int64_t>& changed) {
  if (!changed) return changed.error();
  return {};
}

template <class... P>
auto messages(Tx& tx, std::string_view sql, const P&... parameters) {
  return tx.query<MessageId, ConversationId, UserId, std::string, std::string, std::int64_t,
                  std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<std::string>>(
      sql, parameters...);
}

}  // namespace

Result<MessageId> insert(Tx& tx, const Message& message, int renderer) {
  auto id = tx.query<MessageId>(sql::insert_message, message.conversation, message.sender, message.body,
                                message.html, renderer, message.local_id, message.created_at)
                .first();
  if (!id) return id.error();
  return std::get<0>(id->value());
}

Result<std::optional<Message>> find(Tx& tx, MessageId id) {
  return messages(tx, sql::find_message, id).template first_as<Message>();
}

Result<std::optional<Message>> find_by_local_id(Tx& tx, ConversationId conversation, UserId sender,
                                                std::string_view local_id) {
  return messages(tx, sql::find_message_by_local_id, conversation, sender, local_id)
      .template first_as<Message>();
}

Result<std::vector<Message>> list(Tx& tx, ConversationId conversation, MessageId before, MessageId after,
                                  std::int64_t limit) {
  return messages(tx, sql::list_messages, conversation, before, after, limit).template all_as<Message>();
}

Result<std::int64_t> count_unread_between(Tx& tx, ConversationId conversation, MessageId after,
                                          MessageId up_to, UserId reader) {
  auto count = tx.query<std::int64_t>(sql::count_unread_between, conversation, after, up_to, reader).first();
  if (!count) return count.error();
  return std::get<0>(count->value());
}

Result<void> update(Tx& tx, const Message& message, int renderer) {
  return done(
      tx.exec(sql::update_message, message.id, message.body, message.html, renderer, message.edited_at));
}

Result<void> remove(Tx& tx, MessageId id, std::int64_t deleted_at) {
  return done(tx.exec(sql::delete_message, id, deleted_at));
}

Result<void> insert_revision(Tx& tx, MessageId message, const Revision& revision) {
  return done(tx.exec(sql::insert_revision, message, revision.body, revision.html, revision.written_at));
}

Result<std::vector<Revision>> list_revisions(Tx& tx, MessageId message, std::int64_t limit) {
  return tx.query<std::string, std::string, std::int64_t>(sql::list_revisions, message, limit)
      .all_as<Revision>();
}

Result<void> delete_revisions(Tx& tx, MessageId message) {
  return done(tx.exec(sql::delete_revisions, message));
}

}  // namespace stoa::chat::message_repository
