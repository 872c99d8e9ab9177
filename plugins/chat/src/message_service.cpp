#include "message_service.hpp"

#include <algorithm>

#include "conversation_repository.hpp"
#include "markdown/markdown.hpp"
#include "message_repository.hpp"
#include "stoa/request.hpp"

namespace stoa::chat {
namespace {

namespace conversations = conversation_repository;
namespace messages = message_repository;

constexpr std::int64_t kRevisionsShown = 100;

std::string subject_of(MessageId id) {
  return "message:" + std::to_string(id.value);
}

struct Entered {
  Room room;
  Message message;
};

// The message and its conversation, when the user may see them.
Result<Entered> enter_message(Tx& tx, MessageId id, UserId me) {
  auto message = messages::find(tx, id);
  if (!message) return message.error();
  if (!*message) return not_found("There is no such message.");
  auto room = enter(tx, (*message)->conversation, me);
  if (room) return Entered{std::move(*room), std::move(**message)};
  if (room.error().code == ErrorCode::not_found) return not_found("There is no such message.");
  return room.error();
}

Result<Entered> enter_own_message(Tx& tx, MessageId id, UserId me) {
  auto entered = enter_message(tx, id, me);
  if (!entered) return entered;
  if (entered->message.sender != me)
    return Error{ErrorCode::forbidden, "Only who wrote a message changes it."};
  return entered;
}

}  // namespace

MessageService::MessageService(Storage storage, Identity identity, std::function<std::int64_t()> now_ms,
                               const CurrentSettings& settings, Throttle& throttle)
    : storage_(storage),
      identity_(identity),
      now_ms_(std::move(now_ms)),
      settings_(settings),
      throttle_(throttle) {}

MessageService::Text MessageService::render(const std::string& body) const {
  const auto known = [&](std::string_view nickname) {
    const auto found = identity_.find({std::string(nickname)});
    return found && !found->empty();
  };
  return {body, markdown::render(body, known).html};
}

Result<void> MessageService::check_rate(UserId me) {
  return throttle_.check(static_cast<std::uint64_t>(me.value), settings_.get().messages,
                         "You write messages too fast.");
}

Result<MessageService::Written> MessageService::send(UserId me, ConversationId id, const NewMessage& wanted) {
  if (auto ok = check_rate(me); !ok) return ok.error();
  const Text text = render(wanted.body);
  return storage_.write([&](Tx& tx) -> Result<Written> {
    auto room = enter(tx, id, me);
    if (!room) return room.error();
    auto people = people_of(identity_, room->members);
    if (!people) return people.error();
    if (wanted.local_id) {
      auto first = messages::find_by_local_id(tx, id, me, *wanted.local_id);
      if (!first) return first.error();
      if (*first) return Written{std::move(**first), std::move(*people), false};
    }

    Message message{{}, id, me, text.body, text.html, now_ms_(), std::nullopt, std::nullopt, wanted.local_id};
    auto inserted = messages::insert(tx, message, markdown::kRendererVersion);
    if (!inserted) return inserted.error();
    message.id = *inserted;
    if (auto ok = conversations::count_message(tx, message); !ok) return ok.error();
    const auto told = tx.emit({"chat.message.created", subject_of(message.id), channels_of(id, room->members),
                               message_event(message, *people, room->conversation, room->members)});
    if (!told) return told.error();
    return Written{std::move(message), std::move(*people), true};
  });
}

Result<MessageService::Written> MessageService::edit(UserId me, MessageId id, const std::string& body) {
  if (auto ok = check_rate(me); !ok) return ok.error();
  const Text text = render(body);
  return storage_.write([&](Tx& tx) -> Result<Written> {
    auto entered = enter_own_message(tx, id, me);
    if (!entered) return entered.error();
    Message& message = entered->message;
    if (message.deleted_at) return Error{ErrorCode::conflict, "The message was deleted."};
    if (message.body != text.body) {
      if (auto ok = change(tx, entered->room, message, text); !ok) return ok.error();
    }
    auto people = people_of(identity_, entered->room.members);
    if (!people) return people.error();
    return Written{std::move(message), std::move(*people), false};
  });
}

Result<void> MessageService::change(Tx& tx, const Room& room, Message& message, const Text& text) {
  const Revision before{message.body, message.html, message.edited_at.value_or(message.created_at)};
  if (auto ok = messages::insert_revision(tx, message.id, before); !ok) return ok;
  message.body = text.body;
  message.html = text.html;
  message.edited_at = now_ms_();
  if (auto ok = messages::update(tx, message, markdown::kRendererVersion); !ok) return ok;
  auto people = people_of(identity_, room.members);
  if (!people) return people.error();
  const auto told = tx.emit({"chat.message.updated", subject_of(message.id),
                             channels_of(message.conversation, room.members),
                             message_event(message, *people, room.conversation, room.members)});
  if (!told) return told.error();
  return {};
}

Result<void> MessageService::remove(UserId me, MessageId id) {
  return storage_.write([&](Tx& tx) -> Result<void> {
    auto entered = enter_own_message(tx, id, me);
    if (!entered) return entered.error();
    const Message& message = entered->message;
    if (message.deleted_at) return {};
    if (auto ok = messages::remove(tx, id, now_ms_()); !ok) return ok;
    if (auto ok = messages::delete_revisions(tx, id); !ok) return ok;
    auto fewer = conversations::uncount_message(tx, message);
    if (!fewer) return fewer.error();
    if (auto ok = tx.redact(subject_of(id)); !ok) return ok;
    const auto told =
        tx.emit({"chat.message.deleted", subject_of(id),
                 channels_of(message.conversation, entered->room.members), deleted_event(message)});
    if (!told) return told.error();
    if (fewer->empty()) return {};
    const auto counted =
        tx.emit({"chat.unread.changed", {}, {}, unread_event(message.conversation, *fewer, &message)});
    if (!counted) return counted.error();
    return {};
  });
}

Result<MessageService::History> MessageService::history(UserId me, ConversationId id,
                                                        const Stretch& stretch) {
  return storage_.read([&](Tx& tx) -> Result<History> {
    auto room = enter(tx, id, me);
    if (!room) return room.error();
    const MessageId before = stretch.before.value_or(MessageId{INT64_MAX});
    auto rows = messages::list(tx, id, before, stretch.after, stretch.limit + 1);
    if (!rows) return rows.error();
    History history{std::move(*rows), false, {}, 0};
    if (history.items.size() > static_cast<std::size_t>(stretch.limit)) {
      history.items.pop_back();
      history.more = true;
    }
    std::vector<UserId> senders;
    for (const Message& message : history.items) senders.push_back(message.sender);
    auto people = identity_.lookup(senders);
    if (!people) return people.error();
    history.people = std::move(*people);
    auto seq = tx.log_head();
    if (!seq) return seq.error();
    history.seq = *seq;
    return history;
  });
}

Result<std::vector<Revision>> MessageService::revisions(UserId me, MessageId id) {
  return storage_.read([&](Tx& tx) -> Result<std::vector<Revision>> {
    auto entered = enter_message(tx, id, me);
    if (!entered) return entered.error();
    return messages::list_revisions(tx, id, kRevisionsShown);
  });
}

Result<void> MessageService::read(UserId me, ConversationId id, MessageId message) {
  return storage_.write([&](Tx& tx) -> Result<void> {
    auto member = require_member(tx, id, me);
    if (!member) return member.error();
    if (message.value == 0) return {};
    auto found = messages::find(tx, message);
    if (!found) return found.error();
    if (!*found || (*found)->conversation != id) {
      Error error{ErrorCode::validation, "The message is not in this conversation."};
      error.fields.push_back({"/message_id", "unknown_message", "is no message of this conversation"});
      return error;
    }
    if (!(member->read < message)) return {};
    std::int64_t unread = 0;
    if (member->unread > 0 && member->last_message != message) {
      auto seen = messages::count_unread_between(tx, id, member->read, message, me);
      if (!seen) return seen.error();
      unread = std::max<std::int64_t>(0, member->unread - *seen);
    }
    member->read = message;
    member->unread = unread;
    if (auto ok = conversations::read_up_to(tx, id, me, message, unread); !ok) return ok;
    const auto told = tx.emit({"chat.read", {}, {channel_of(id)}, read_event(id, *member)});
    if (!told) return told.error();
    return {};
  });
}

Result<void> MessageService::check_own(UserId me, MessageId id) {
  auto own = storage_.read([&](Tx& tx) { return enter_own_message(tx, id, me); });
  if (!own) return own.error();
  return {};
}

}  // namespace stoa::chat
