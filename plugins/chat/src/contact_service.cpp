#include "contact_service.hpp"

#include "conversation_repository.hpp"
#include "message_repository.hpp"

namespace stoa::chat {
namespace {

// First key of a place.
enum Part : std::int64_t { kRecent = 0, kOthers = 1 };

}  // namespace

Result<ContactService::List> ContactService::list(UserId me, const ListQuery& query) {
  const Place from = query.after.value_or(Place{{kRecent, INT64_MAX}});
  std::string after;
  if (from.keys[0] == kOthers) {
    auto profile = identity_.lookup(UserId{from.keys[1]});
    if (!profile) return profile.error();
    if (!*profile) return detail::bad_parameter("cursor", "must be a \"next\" of this list");
    after = (*profile)->nickname;
  } else if (from.keys[0] != kRecent) {
    return detail::bad_parameter("cursor", "must be a \"next\" of this list");
  }

  return storage_.read([&](Tx& tx) -> Result<List> {
    const auto limit = static_cast<std::size_t>(query.limit);
    List list;
    if (from.keys[0] == kRecent) {
      if (auto ok = append_recent(tx, me, {from.keys[1]}, limit + 1, list); !ok) return ok.error();
    }
    if (list.items.size() <= limit) {
      if (auto ok = append_others(tx, me, after, limit + 1, list); !ok) return ok.error();
    }
    if (list.items.size() > limit) {
      list.items.pop_back();
      const Contact& last = list.items.back();
      list.next = last.last_message ? Place{{kRecent, last.last_message->id.value}}
                                    : Place{{kOthers, last.user.value}};
    }
    auto seq = tx.log_head();
    if (!seq) return seq.error();
    list.seq = *seq;
    return list;
  });
}

Result<void> ContactService::append_recent(Tx& tx, UserId me, MessageId before, std::size_t enough,
                                           List& list) {
  auto pairs = conversation_repository::list_recent_pairs(tx, me, before, static_cast<std::int64_t>(enough));
  if (!pairs) return pairs.error();
  std::vector<UserId> ids{me};
  for (const Pair& pair : *pairs) {
    auto message = message_repository::find(tx, *pair.last_message);
    if (!message) return message.error();
    list.items.push_back({pair.peer, pair.conversation, std::move(*message), pair.unread});
    ids.push_back(pair.peer);
  }
  auto people = identity_.lookup(ids);
  if (!people) return people.error();
  list.people.merge(*people);
  return {};
}

Result<void> ContactService::append_others(Tx& tx, UserId me, std::string after, std::size_t enough,
                                           List& list) {
  for (;;) {
    auto profiles = identity_.list(after, enough);
    if (!profiles) return profiles.error();
    for (Profile& profile : *profiles) {
      after = profile.nickname;
      if (profile.id == me) continue;
      auto pair = conversation_repository::find_pair(tx, me, profile.id);
      if (!pair) return pair.error();
      if (*pair && (*pair)->last_message) continue;
      Contact contact{profile.id, std::nullopt, std::nullopt, 0};
      if (*pair) contact.conversation = (*pair)->conversation;
      list.items.push_back(std::move(contact));
      list.people.emplace(profile.id, std::move(profile));
      if (list.items.size() == enough) return {};
    }
    if (profiles->size() < enough) return {};
  }
}

}  // namespace stoa::chat
