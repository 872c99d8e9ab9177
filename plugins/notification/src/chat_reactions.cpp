#include <string>

#include "choice_repository.hpp"
#include "reactions.hpp"

namespace stoa::notification {
namespace {

namespace items = item_repository;

// The one notification of a conversation, while it is unread.
Result<std::optional<Item>> find_unread(Tx& tx, UserId user, std::int64_t conversation) {
  auto item = items::find_newest(tx, user, Type::message, Kind::conversation, conversation);
  if (!item) return item;
  if (*item && (*item)->state != State::unread) return std::optional<Item>();
  return item;
}

}  // namespace

Result<void> ChatReactions::message_created(Tx& tx, const Event& event, const MessageFacts& message) {
  const Inbox::Act act{message.sender, event.seq, event.time_ms};
  const Subject subject{Kind::conversation, message.conversation, std::nullopt, message.title,
                        "/messages/" + std::to_string(message.conversation)};
  for (UserId member : message.members) {
    if (member == message.sender) continue;
    auto wanted = choice_repository::preference(tx, member, Type::message);
    if (!wanted) return wanted.error();
    if (!wanted->in_app) continue;
    auto item = items::find_newest(tx, member, Type::message, Kind::conversation, message.conversation);
    if (!item) return item.error();
    if (!*item || (*item)->state != State::unread) {
      if (auto ok = inbox_.add(tx, member, Type::message, subject, act, message.id, *item); !ok) return ok;
      continue;
    }
    (*item)->subject.title = message.title;
    (*item)->last_part = message.id;
    if (auto ok = inbox_.join(tx, **item, act, false); !ok) return ok;
  }
  return {};
}

Result<void> ChatReactions::read(Tx& tx, const ChatReadFacts& read) {
  auto item = find_unread(tx, read.reader, read.conversation);
  if (!item) return item.error();
  if (!*item) return {};
  if (read.unread == 0 || read.message >= (*item)->last_part) {
    auto marked = items::mark_read(tx, (*item)->id, read.reader);
    if (!marked) return marked.error();
    return inbox_.tell_read(tx, read.reader, {(*item)->id});
  }
  if ((*item)->count <= read.unread) return {};
  Item fewer = **item;
  fewer.count = read.unread;
  return inbox_.change(tx, **item, fewer);
}

Result<void> ChatReactions::unread_changed(Tx& tx, const UnreadFacts& facts) {
  for (const auto& [user, unread] : facts.unread) {
    auto item = find_unread(tx, user, facts.conversation);
    if (!item) return item.error();
    if (!*item) continue;
    if (unread == 0) {
      if (auto ok = inbox_.withdraw(tx, {{(*item)->id, user, (*item)->state}}); !ok) return ok;
      continue;
    }
    if (facts.sender) {
      if (auto ok = items::take_part(tx, (*item)->id, facts.sender); !ok) return ok;
      if (auto ok = items::remove_idle_actor(tx, (*item)->id, facts.sender); !ok) return ok;
    }
    Item fewer = **item;
    fewer.count = std::min(fewer.count, unread);
    if (auto ok = inbox_.change(tx, **item, fewer); !ok) return ok;
  }
  return {};
}

}  // namespace stoa::notification
