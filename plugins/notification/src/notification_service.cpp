#include "notification_service.hpp"

#include <string>

#include "choice_repository.hpp"
#include "stoa/request.hpp"

namespace stoa::notification {
namespace {

namespace items = item_repository;
namespace choices = choice_repository;

std::string channel_of(UserId user) {
  return "user:" + std::to_string(user.value);
}

Result<Preferences> all_preferences(Tx& tx, UserId user) {
  auto set = choices::preferences(tx, user);
  if (!set) return set;
  for (Type type : kTypes) set->emplace(type, Preference{});
  return set;
}

}  // namespace

Result<NotificationService::List> NotificationService::list(UserId me, bool unread_only,
                                                            const ListQuery& query) {
  return storage_.read([&](Tx& tx) -> Result<List> {
    const Place from = query.after.value_or(Place{{INT64_MAX, 0}});
    auto found = items::list(tx, me, unread_only, from.keys[0], {from.keys[1]}, query.limit + 1);
    if (!found) return found.error();
    List list;
    if (found->size() > static_cast<std::size_t>(query.limit)) {
      found->pop_back();
      list.next = Place{{found->back().updated_at, found->back().id.value}};
    }
    for (Item& item : *found) {
      auto view = Inbox::view(tx, std::move(item));
      if (!view) return view.error();
      list.items.push_back(std::move(*view));
    }
    auto people = inbox_.people(list.items);
    if (!people) return people.error();
    list.people = std::move(*people);
    auto seq = tx.log_head();
    if (!seq) return seq.error();
    list.seq = *seq;
    return list;
  });
}

Result<NotificationService::Count> NotificationService::unread(UserId me) {
  return storage_.read([&](Tx& tx) -> Result<Count> {
    auto unread = items::unread(tx, me);
    if (!unread) return unread.error();
    auto seq = tx.log_head();
    if (!seq) return seq.error();
    return Count{*unread, *seq};
  });
}

Result<void> NotificationService::mark_read(UserId me, const std::vector<NotificationId>& ids) {
  return storage_.write([&](Tx& tx) -> Result<void> {
    std::vector<NotificationId> marked;
    for (NotificationId id : ids) {
      auto changed = items::mark_read(tx, id, me);
      if (!changed) return changed.error();
      if (*changed > 0) marked.push_back(id);
    }
    return inbox_.tell_read(tx, me, marked);
  });
}

Result<void> NotificationService::mark_read_up_to(UserId me, NotificationId last) {
  return mark_read_up_to(me, last, false);
}

Result<void> NotificationService::mark_all_read(UserId me) {
  return mark_read_up_to(me, {INT64_MAX}, true);
}

Result<void> NotificationService::mark_read_up_to(UserId me, NotificationId last, bool all) {
  return storage_.write([&](Tx& tx) -> Result<void> {
    auto changed = items::mark_read_up_to(tx, me, last);
    if (!changed) return changed.error();
    if (*changed == 0) return {};
    auto counters = items::count(tx, me, -*changed, 0);
    if (!counters) return counters.error();
    const auto told =
        tx.emit({"notification.read",
                 {},
                 {channel_of(me)},
                 all ? read_all_event(counters->unread) : read_up_to_event(last, counters->unread)});
    if (!told) return told.error();
    return {};
  });
}

Result<void> NotificationService::remove(UserId me, NotificationId id) {
  return storage_.write([&](Tx& tx) -> Result<void> {
    auto item = items::find(tx, id, me);
    if (!item) return item.error();
    if (!*item) return not_found("There is no such notification.");
    return inbox_.remove(tx, **item);
  });
}

Result<Preferences> NotificationService::preferences(UserId me) {
  return storage_.read([&](Tx& tx) { return all_preferences(tx, me); });
}

Result<Preferences> NotificationService::choose(UserId me, const std::vector<Choice>& chosen) {
  return storage_.write([&](Tx& tx) -> Result<Preferences> {
    auto all = all_preferences(tx, me);
    if (!all) return all;
    for (const Choice& choice : chosen) {
      Preference& preference = (*all)[choice.type];
      preference.in_app = choice.in_app.value_or(preference.in_app);
      preference.email = choice.email.value_or(preference.email);
      if (auto ok = choices::set_preference(tx, me, choice.type, preference); !ok) return ok.error();
    }
    return all;
  });
}

Result<void> NotificationService::subscribe(UserId me, std::int64_t post, Level level) {
  return storage_.write([&](Tx& tx) -> Result<void> {
    auto before = choices::level(tx, post, me);
    if (!before) return before.error();
    if (*before == level) return {};
    if (auto ok = level == Level::normal ? choices::clear_level(tx, post, me)
                                         : choices::set_level(tx, post, me, level);
        !ok) {
      return ok;
    }
    const std::string data = Json()
                                 .begin_object()
                                 .field("user_id", me)
                                 .field("post_id", post)
                                 .field("level", to_string(level))
                                 .end_object()
                                 .take();
    const auto told = tx.emit({"notification.subscription.changed", {}, {channel_of(me)}, data});
    if (!told) return told.error();
    return {};
  });
}

Result<std::vector<Level>> NotificationService::levels(UserId me, const std::vector<std::int64_t>& posts) {
  return storage_.read([&](Tx& tx) -> Result<std::vector<Level>> {
    std::vector<Level> out;
    for (std::int64_t post : posts) {
      auto level = choices::level(tx, post, me);
      if (!level) return level.error();
      out.push_back(*level);
    }
    return out;
  });
}

}  // namespace stoa::notification
