#include "item_repository.hpp"

#include <string>

#include "notification_sql.hpp"

namespace stoa::notification::item_repository {
namespace {

Result<void> done(const Result<std::int64_t>& changed) {
  if (!changed) return changed.error();
  return {};
}

template <class... P>
auto rows(Tx& tx, std::string_view sql, const P&... parameters) {
  return tx.query<NotificationId, UserId, std::string, std::string, std::int64_t, std::optional<std::int64_t>,
                  std::string, std::string, std::int64_t, State, std::int64_t, std::int64_t, std::int64_t,
                  std::int64_t, std::int64_t>(sql, parameters...);
}

// As a row of the columns above.
struct Row {
  NotificationId id;
  UserId user;
  std::string type, kind;
  std::int64_t subject;
  std::optional<std::int64_t> post;
  std::string title, url;
  std::int64_t count;
  State state;
  std::int64_t created_at, updated_at, started_at, alerts, last_part;
};

Item item_of(Row row) {
  return {row.id,
          row.user,
          type_of(row.type).value_or(Type::comment),
          {kind_of(row.kind).value_or(Kind::post), row.subject, row.post, std::move(row.title),
           std::move(row.url)},
          row.count,
          row.state,
          row.created_at,
          row.updated_at,
          row.started_at,
          row.alerts,
          row.last_part};
}

template <class Rows>
Result<std::optional<Item>> first_item(Rows&& rows) {
  auto row = rows.template first_as<Row>();
  if (!row) return row.error();
  if (!*row) return std::optional<Item>();
  return std::optional<Item>(item_of(std::move(**row)));
}

template <class Rows>
Result<std::vector<Item>> all_items(Rows&& rows) {
  auto found = rows.template all_as<Row>();
  if (!found) return found.error();
  std::vector<Item> items;
  for (Row& row : *found) items.push_back(item_of(std::move(row)));
  return items;
}

template <class... P>
Result<std::vector<Entry>> entries(Tx& tx, std::string_view sql, const P&... parameters) {
  return tx.query<NotificationId, UserId, State>(sql, parameters...).template all_as<Entry>();
}

}  // namespace

Result<NotificationId> insert(Tx& tx, const Item& item) {
  const Subject& subject = item.subject;
  auto id =
      tx.query<NotificationId>(sql::insert_item, item.user, to_string(item.type), to_string(subject.kind),
                               subject.id, subject.post, subject.title, subject.url, item.count, item.state,
                               item.created_at, item.updated_at, item.started_at, item.alerts, item.last_part)
          .template first_as<NotificationId>();
  if (!id) return id.error();
  return id->value();
}

Result<std::optional<Item>> find(Tx& tx, NotificationId id, UserId user) {
  return first_item(rows(tx, sql::find_item, id, user));
}

Result<std::optional<Item>> find_newest(Tx& tx, UserId user, Type type, Kind kind, std::int64_t subject) {
  return first_item(rows(tx, sql::find_newest_item, user, to_string(type), to_string(kind), subject));
}

Result<std::vector<Item>> find_with_actor(Tx& tx, UserId user, Type type, Kind kind, std::int64_t subject,
                                          UserId actor) {
  return all_items(
      rows(tx, sql::find_items_with_actor, user, to_string(type), to_string(kind), subject, actor));
}

Result<bool> has(Tx& tx, Kind kind, std::int64_t subject, UserId user) {
  auto id = tx.query<NotificationId>(sql::has_item_of_subject, to_string(kind), subject, user)
                .first_as<NotificationId>();
  if (!id) return id.error();
  return id->has_value();
}

Result<std::vector<Item>> list(Tx& tx, UserId user, bool unread_only, std::int64_t updated_at,
                               NotificationId id, std::int64_t limit) {
  return all_items(
      rows(tx, unread_only ? sql::list_unread_items : sql::list_items, user, updated_at, id, limit));
}

Result<void> update(Tx& tx, const Item& item) {
  return done(tx.exec(sql::update_item, item.id, item.subject.title, item.count, item.state, item.updated_at,
                      item.alerts, item.last_part));
}

Result<void> remove(Tx& tx, NotificationId id) {
  return done(tx.exec(sql::delete_item, id));
}

Result<std::vector<Entry>> list_oldest(Tx& tx, UserId user, std::int64_t limit) {
  return entries(tx, sql::list_oldest, user, limit);
}

Result<std::vector<Entry>> list_of_post(Tx& tx, std::int64_t post) {
  return entries(tx, sql::list_of_post, post);
}

Result<std::vector<Entry>> list_of_subject(Tx& tx, Kind kind, std::int64_t subject) {
  return entries(tx, sql::list_of_subject, to_string(kind), subject);
}

Result<std::int64_t> mark_read(Tx& tx, NotificationId id, UserId user) {
  return tx.exec(sql::read_item, id, user);
}

Result<std::int64_t> mark_read_up_to(Tx& tx, UserId user, NotificationId last) {
  return tx.exec(sql::read_items_up_to, user, last);
}

Result<std::vector<NotificationId>> mark_post_read(Tx& tx, std::int64_t post, UserId user,
                                                   std::int64_t comment) {
  return tx.query<NotificationId>(sql::read_items_of_post, post, user, comment).all_as<NotificationId>();
}

Result<void> retitle_post(Tx& tx, std::int64_t post, std::string_view title) {
  return done(tx.exec(sql::retitle_post, post, title));
}

Result<void> add_actor(Tx& tx, NotificationId id, UserId actor, std::uint64_t seq) {
  return done(tx.exec(sql::upsert_actor, id, actor, seq));
}

Result<void> remove_actor(Tx& tx, NotificationId id, UserId actor) {
  return done(tx.exec(sql::delete_actor, id, actor));
}

Result<void> remove_actors(Tx& tx, NotificationId id) {
  return done(tx.exec(sql::delete_actors, id));
}

Result<void> take_part(Tx& tx, NotificationId id, UserId actor) {
  return done(tx.exec(sql::take_part, id, actor));
}

Result<void> remove_idle_actor(Tx& tx, NotificationId id, UserId actor) {
  return done(tx.exec(sql::delete_idle_actor, id, actor));
}

Result<std::vector<UserId>> list_actors(Tx& tx, NotificationId id, std::int64_t limit) {
  return tx.query<UserId>(sql::list_actors, id, limit).all_as<UserId>();
}

Result<Counters> count(Tx& tx, UserId user, std::int64_t unread, std::int64_t kept) {
  auto counters =
      tx.query<std::int64_t, std::int64_t>(sql::count_items, user, unread, kept).first_as<Counters>();
  if (!counters) return counters.error();
  return counters->value();
}

Result<std::int64_t> unread(Tx& tx, UserId user) {
  auto count = tx.query<std::int64_t>(sql::find_unread, user).first_as<std::int64_t>();
  if (!count) return count.error();
  return count->value_or(0);
}

Result<bool> tell_once(Tx& tx, Kind kind, std::int64_t subject, UserId user) {
  auto changed = tx.exec(sql::insert_told, to_string(kind), subject, user);
  if (!changed) return changed.error();
  return *changed > 0;
}

}  // namespace stoa::notification::item_repository
