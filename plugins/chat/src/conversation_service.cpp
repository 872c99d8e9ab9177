#include "conversation_service.hpp"

#include <algorithm>

#include "conversation_repository.hpp"
#include "message_repository.hpp"

namespace stoa::chat {
namespace {

namespace conversations = conversation_repository;

Error invalid(std::string pointer, std::string code, std::string detail) {
  Error error{ErrorCode::validation, "Some fields are not as they should be."};
  error.fields.push_back({std::move(pointer), std::move(code), std::move(detail)});
  return error;
}

}  // namespace

ConversationService::ConversationService(Storage storage, Identity identity,
                                         std::function<std::int64_t()> now_ms,
                                         const CurrentSettings& settings, Throttle& throttle)
    : storage_(storage),
      identity_(identity),
      now_ms_(std::move(now_ms)),
      settings_(settings),
      throttle_(throttle) {}

Result<ConversationService::Opened> ConversationService::open(UserId me, const NewConversation& wanted) {
  const Settings settings = settings_.get();
  std::vector<UserId> others = wanted.members;
  std::erase(others, me);
  if (others.empty()) return invalid("/member_ids", "too_few", "needs somebody other than yourself");
  if (others.size() + 1 > static_cast<std::size_t>(settings.group_size)) {
    return invalid("/member_ids", "too_many",
                   "takes at most " + std::to_string(settings.group_size - 1) + " others");
  }
  const auto pointer = [](std::size_t at) { return "/member_ids/" + std::to_string(at); };
  if (auto ok = check_reachable(wanted.members, pointer); !ok) return ok.error();

  auto existing = storage_.read([&](Tx& tx) { return find_existing(tx, me, others, wanted); });
  if (!existing) return existing.error();
  if (*existing) return Opened{std::move(**existing), false};

  if (auto ok = throttle_.check(static_cast<std::uint64_t>(me.value), settings.conversations,
                                "You start conversations too fast.");
      !ok) {
    return ok.error();
  }
  return storage_.write([&](Tx& tx) { return create(tx, me, others, wanted); });
}

Result<std::optional<ConversationView>> ConversationService::find_existing(Tx& tx, UserId me,
                                                                           const std::vector<UserId>& others,
                                                                           const NewConversation& wanted) {
  std::optional<ConversationId> id;
  if (wanted.local_id) {
    auto found = conversations::find_by_local_id(tx, me, *wanted.local_id);
    if (!found) return found.error();
    id = *found;
  }
  if (!id && others.size() == 1) {
    auto pair = conversations::find_pair(tx, me, others.front());
    if (!pair) return pair.error();
    if (*pair) id = (*pair)->conversation;
  }
  if (!id) return std::optional<ConversationView>();
  auto found = view(tx, me, *id);
  if (!found) return found.error();
  return std::optional<ConversationView>(std::move(*found));
}

Result<ConversationService::Opened> ConversationService::create(Tx& tx, UserId me,
                                                                const std::vector<UserId>& others,
                                                                const NewConversation& wanted) {
  auto existing = find_existing(tx, me, others, wanted);
  if (!existing) return existing.error();
  if (*existing) return Opened{std::move(**existing), false};

  const std::int64_t now = now_ms_();
  const bool is_pair = others.size() == 1;
  auto id = conversations::insert(tx, {is_pair, wanted.title, me, wanted.local_id, now});
  if (!id) return id.error();
  const auto add = [&](UserId user, UserId peer) {
    return conversations::insert_member(
        tx, {*id, user, is_pair ? std::optional<UserId>(peer) : std::nullopt, now, std::nullopt});
  };
  if (auto ok = add(me, others.front()); !ok) return ok.error();
  for (UserId other : others) {
    if (auto ok = add(other, me); !ok) return ok.error();
  }

  auto made = view(tx, me, *id);
  if (!made) return made.error();
  Json data;
  const PersonalView nothing_yet{made->last_message, 0};
  write_conversation(data, made->room.conversation, made->room.members, made->people, &nothing_yet);
  const auto told = tx.emit({"chat.conversation.created", "conversation:" + std::to_string(id->value),
                             channels_of_members(made->room.members), data.take()});
  if (!told) return told.error();
  return Opened{std::move(*made), true};
}

Result<ConversationView> ConversationService::get(UserId me, ConversationId id) {
  return storage_.read([&](Tx& tx) { return view(tx, me, id); });
}

Result<ConversationService::List> ConversationService::list(UserId me, const ListQuery& query) {
  return storage_.read([&](Tx& tx) -> Result<List> {
    const Place from = query.after.value_or(Place{{INT64_MAX, 0}});
    auto rows = conversations::list_memberships(tx, me, from.keys[0], {from.keys[1]}, query.limit + 1);
    if (!rows) return rows.error();
    List list;
    for (const Membership& row : *rows) {
      if (list.items.size() == static_cast<std::size_t>(query.limit)) {
        const Membership& last = (*rows)[list.items.size() - 1];
        list.next = Place{{last.activity_at, last.conversation.value}};
        break;
      }
      auto item = view(tx, me, row.conversation);
      if (!item) return item.error();
      list.items.push_back(std::move(*item));
    }
    auto seq = tx.log_head();
    if (!seq) return seq.error();
    list.seq = *seq;
    return list;
  });
}

Result<ConversationService::Counts> ConversationService::unread(UserId me) {
  return storage_.read([&](Tx& tx) -> Result<Counts> {
    auto counts = conversations::list_unread(tx, me);
    if (!counts) return counts.error();
    auto seq = tx.log_head();
    if (!seq) return seq.error();
    return Counts{std::move(*counts), *seq};
  });
}

Result<ConversationView> ConversationService::rename(UserId me, ConversationId id,
                                                     const std::optional<std::string>& title) {
  return storage_.write([&](Tx& tx) -> Result<ConversationView> {
    auto room = enter(tx, id, me);
    if (!room) return room.error();
    if (room->conversation.title == title) return view(tx, me, std::move(*room));
    if (auto ok = conversations::update_title(tx, id, title); !ok) return ok.error();
    room->conversation.title = title;
    if (auto ok = tell_updated(tx, *room, channels_of_members(room->members)); !ok) return ok.error();
    return view(tx, me, std::move(*room));
  });
}

Result<void> ConversationService::check_member(UserId me, ConversationId id) {
  auto member = storage_.read([&](Tx& tx) { return require_member(tx, id, me); });
  if (!member) return member.error();
  return {};
}

Result<ConversationView> ConversationService::view(Tx& tx, UserId me, ConversationId id) {
  auto room = enter(tx, id, me);
  if (!room) return room.error();
  return view(tx, me, std::move(*room));
}

Result<ConversationView> ConversationService::view(Tx& tx, UserId me, Room room) {
  ConversationView out;
  if (room.last_message()) {
    auto last = message_repository::find(tx, *room.last_message());
    if (!last) return last.error();
    out.last_message = std::move(*last);
  }
  auto people = people_of(identity_, room.members, out.last_message ? out.last_message->sender : UserId{});
  if (!people) return people.error();
  out.people = std::move(*people);
  out.unread = room.member(me).unread;
  out.room = std::move(room);
  return out;
}

Result<void> ConversationService::tell_updated(Tx& tx, const Room& room,
                                               const std::vector<std::string>& channels) {
  auto people = people_of(identity_, room.members);
  if (!people) return people.error();
  Json data;
  write_conversation(data, room.conversation, room.members, *people, nullptr);
  const auto told =
      tx.emit({"chat.conversation.updated", "conversation:" + std::to_string(room.conversation.id.value),
               channels, data.take()});
  if (!told) return told.error();
  return {};
}

}  // namespace stoa::chat
