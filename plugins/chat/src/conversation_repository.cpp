#include "conversation_repository.hpp"

#include "chat_sql.hpp"

namespace stoa::chat::conversation_repository {
namespace {

Result<void> done(const Result<std::int64_t>& changed) {
  if (!changed) return changed.error();
  return {};
}

}  // namespace

Result<ConversationId> insert(Tx& tx, const NewConversation& conversation) {
  auto id = tx.query<ConversationId>(sql::insert_conversation, conversation.is_pair, conversation.title,
                                     conversation.creator, conversation.local_id, conversation.created_at)
                .first();
  if (!id) return id.error();
  return std::get<0>(id->value());
}

Result<std::optional<Conversation>> find(Tx& tx, ConversationId id) {
  return tx
      .query<ConversationId, bool, std::optional<std::string>, UserId, std::int64_t>(sql::find_conversation,
                                                                                     id)
      .first_as<Conversation>();
}

Result<std::optional<ConversationId>> find_by_local_id(Tx& tx, UserId creator, std::string_view local_id) {
  return tx.query<ConversationId>(sql::find_conversation_by_local_id, creator, local_id)
      .first_as<ConversationId>();
}

Result<void> update_title(Tx& tx, ConversationId id, const std::optional<std::string>& title) {
  return done(tx.exec(sql::update_title, id, title));
}

Result<void> update_creator(Tx& tx, ConversationId id, UserId creator) {
  return done(tx.exec(sql::update_creator, id, creator));
}

Result<void> insert_member(Tx& tx, const NewMember& member) {
  return done(tx.exec(sql::insert_member, member.conversation, member.user, member.peer, member.joined_at,
                      member.last_message));
}

Result<void> delete_member(Tx& tx, ConversationId id, UserId user) {
  return done(tx.exec(sql::delete_member, id, user));
}

Result<std::vector<Member>> find_members(Tx& tx, ConversationId id) {
  return tx.query<UserId, std::optional<MessageId>, MessageId, std::int64_t>(sql::find_members, id)
      .all_as<Member>();
}

Result<std::optional<Member>> find_member(Tx& tx, ConversationId id, UserId user) {
  return tx.query<UserId, std::optional<MessageId>, MessageId, std::int64_t>(sql::find_member, id, user)
      .first_as<Member>();
}

Result<std::optional<Pair>> find_pair(Tx& tx, UserId user, UserId peer) {
  return tx.query<UserId, ConversationId, std::int64_t, std::optional<MessageId>>(sql::find_pair, user, peer)
      .first_as<Pair>();
}

Result<std::vector<Pair>> list_recent_pairs(Tx& tx, UserId user, MessageId before, std::int64_t limit) {
  return tx
      .query<UserId, ConversationId, std::int64_t, std::optional<MessageId>>(sql::list_recent_pairs, user,
                                                                             before, limit)
      .all_as<Pair>();
}

Result<std::vector<Membership>> list_memberships(Tx& tx, UserId user, std::int64_t activity_at,
                                                 ConversationId id, std::int64_t limit) {
  return tx
      .query<ConversationId, std::int64_t, std::optional<MessageId>, std::int64_t>(
          sql::list_memberships, user, activity_at, id, limit)
      .all_as<Membership>();
}

Result<std::vector<Unread>> list_unread(Tx& tx, UserId user) {
  return tx.query<ConversationId, std::int64_t>(sql::list_unread, user).all_as<Unread>();
}

Result<void> count_message(Tx& tx, const Message& message) {
  return done(
      tx.exec(sql::count_message, message.conversation, message.created_at, message.id, message.sender));
}

Result<std::vector<std::pair<UserId, std::int64_t>>> uncount_message(Tx& tx, const Message& message) {
  return tx
      .query<UserId, std::int64_t>(sql::uncount_message, message.conversation, message.id, message.sender)
      .all_as<std::pair<UserId, std::int64_t>>();
}

Result<void> read_up_to(Tx& tx, ConversationId id, UserId user, MessageId message, std::int64_t unread) {
  return done(tx.exec(sql::read_up_to, id, user, message, unread));
}

}  // namespace stoa::chat::conversation_repository
