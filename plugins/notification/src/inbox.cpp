#include "inbox.hpp"

#include <string>

namespace stoa::notification {
namespace {

namespace items = item_repository;

constexpr std::int64_t kActorsShown = 10;
constexpr std::int64_t kTrimmedAtOnce = 100;

std::string channel_of(UserId user) {
  return "user:" + std::to_string(user.value);
}

std::string subject_of(NotificationId id) {
  return "notification:" + std::to_string(id.value);
}

std::int64_t unread_of(State state) {
  return state == State::unread ? 1 : 0;
}

Result<void> emit_read(Tx& tx, UserId user, const std::string& data) {
  const auto told = tx.emit({"notification.read", {}, {channel_of(user)}, data});
  if (!told) return told.error();
  return {};
}

}  // namespace

Result<void> Inbox::add(Tx& tx, UserId user, Type type, const Subject& subject, const Act& act,
                        std::int64_t last_part, const std::optional<Item>& replaces) {
  if (replaces) {
    if (auto ok = erase(tx, replaces->id); !ok) return ok;
  }
  Item item{{}, user, type, subject, 1, State::unread, act.time_ms, act.time_ms, act.time_ms, 1, last_part};
  auto id = items::insert(tx, item);
  if (!id) return id.error();
  item.id = *id;
  if (auto ok = items::add_actor(tx, item.id, act.actor, act.seq); !ok) return ok;
  auto counters = items::count(tx, user, 1 - (replaces ? unread_of(replaces->state) : 0), replaces ? 0 : 1);
  if (!counters) return counters.error();
  counters = trim(tx, user, *counters);
  if (!counters) return counters.error();
  return tell(tx, Told::created, item, counters->unread,
              replaces ? std::optional<NotificationId>(replaces->id) : std::nullopt);
}

Result<void> Inbox::join(Tx& tx, Item item, const Act& act, bool unread) {
  const State before = item.state;
  if (auto ok = items::add_actor(tx, item.id, act.actor, act.seq); !ok) return ok;
  ++item.count;
  item.updated_at = act.time_ms;
  if (unread && before != State::unread) {
    item.state = State::unread;
    ++item.alerts;
  } else if (before == State::hidden) {
    item.state = State::read;
  }
  if (auto ok = items::update(tx, item); !ok) return ok;
  auto counters = items::count(tx, item.user, unread_of(item.state) - unread_of(before), 0);
  if (!counters) return counters.error();
  return tell(tx, before == State::hidden ? Told::created : Told::updated, item, counters->unread);
}

Result<void> Inbox::change(Tx& tx, const Item& before, const Item& now) {
  if (auto ok = items::update(tx, now); !ok) return ok;
  auto counters = items::count(tx, now.user, unread_of(now.state) - unread_of(before.state), 0);
  if (!counters) return counters.error();
  return tell(tx, Told::updated, now, counters->unread);
}

Result<void> Inbox::hide(Tx& tx, const Item& item) {
  Item hidden = item;
  hidden.state = State::hidden;
  hidden.count = 0;
  if (auto ok = items::update(tx, hidden); !ok) return ok;
  if (auto ok = tx.redact(subject_of(item.id)); !ok) return ok;
  auto counters = items::count(tx, item.user, -unread_of(item.state), 0);
  if (!counters) return counters.error();
  return tell_gone(tx, item.user, {item.id}, counters->unread);
}

Result<void> Inbox::withdraw(Tx& tx, const std::vector<Entry>& entries) {
  for (std::size_t i = 0; i < entries.size();) {
    const UserId user = entries[i].user;
    std::vector<NotificationId> seen;
    std::int64_t unread = 0, kept = 0;
    for (; i < entries.size() && entries[i].user == user; ++i) {
      const Entry& entry = entries[i];
      if (auto ok = erase(tx, entry.id); !ok) return ok;
      if (auto ok = tx.redact(subject_of(entry.id)); !ok) return ok;
      if (entry.state != State::hidden) seen.push_back(entry.id);
      unread += unread_of(entry.state);
      ++kept;
    }
    auto counters = items::count(tx, user, -unread, -kept);
    if (!counters) return counters.error();
    if (seen.empty()) continue;
    if (auto ok = tell_gone(tx, user, seen, counters->unread); !ok) return ok;
  }
  return {};
}

Result<void> Inbox::remove(Tx& tx, const Item& item) {
  if (auto ok = erase(tx, item.id); !ok) return ok;
  auto counters = items::count(tx, item.user, -unread_of(item.state), -1);
  if (!counters) return counters.error();
  return tell_gone(tx, item.user, {item.id}, counters->unread);
}

Result<void> Inbox::tell_read(Tx& tx, UserId user, const std::vector<NotificationId>& ids) {
  if (ids.empty()) return {};
  auto counters = items::count(tx, user, -static_cast<std::int64_t>(ids.size()), 0);
  if (!counters) return counters.error();
  return emit_read(tx, user, read_event(ids, false, counters->unread));
}

Result<View> Inbox::view(Tx& tx, Item item) {
  auto actors = items::list_actors(tx, item.id, kActorsShown);
  if (!actors) return actors.error();
  return View{std::move(item), std::move(*actors)};
}

Result<People> Inbox::people(const std::vector<View>& views) const {
  std::vector<UserId> ids;
  for (const View& view : views) ids.insert(ids.end(), view.actors.begin(), view.actors.end());
  return identity_.lookup(ids);
}

Result<void> Inbox::tell(Tx& tx, Told told, const Item& item, std::int64_t unread,
                         std::optional<NotificationId> replaces) {
  auto seen = view(tx, item);
  if (!seen) return seen.error();
  auto names = identity_.lookup(seen->actors);
  if (!names) return names.error();
  const std::string_view type = told == Told::created ? "notification.created" : "notification.updated";
  const auto emitted = tx.emit(
      {type, subject_of(item.id), {channel_of(item.user)}, view_event(*seen, *names, unread, replaces)});
  if (!emitted) return emitted.error();
  return {};
}

Result<void> Inbox::tell_gone(Tx& tx, UserId user, const std::vector<NotificationId>& ids,
                              std::int64_t unread) {
  return emit_read(tx, user, read_event(ids, true, unread));
}

Result<void> Inbox::erase(Tx& tx, NotificationId id) {
  if (auto ok = items::remove_actors(tx, id); !ok) return ok;
  return items::remove(tx, id);
}

Result<items::Counters> Inbox::trim(Tx& tx, UserId user, items::Counters counters) {
  const std::int64_t over = counters.kept - settings_.get().kept_per_user;
  if (over <= 0) return counters;
  auto oldest = items::list_oldest(tx, user, std::min(over, kTrimmedAtOnce));
  if (!oldest) return oldest.error();
  std::int64_t unread = 0;
  for (const Entry& entry : *oldest) {
    if (auto ok = erase(tx, entry.id); !ok) return ok.error();
    unread += unread_of(entry.state);
  }
  return items::count(tx, user, -unread, -static_cast<std::int64_t>(oldest->size()));
}

}  // namespace stoa::notification
