#include "storage/durables.hpp"

#include <algorithm>
#include <chrono>

#include "storage/event_log.hpp"
#include "storage/failure.hpp"
#include "storage/waiter.hpp"

namespace stoa::core::storage {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kEventsPerTurn = 100;
constexpr auto kTimePerTurn = std::chrono::milliseconds(10);
constexpr std::size_t kOutlinesPerTurn = 2'000;
constexpr std::int64_t kFailuresUntilParked = 5;
constexpr auto kRetryAfter = std::chrono::seconds(1);
// A cursor that only passed over what it does not want is written down so seldom.
constexpr std::uint64_t kSilentAdvance = 4'096;

bool matches(const std::vector<std::string>& types, std::string_view type) {
  return std::ranges::any_of(types, [&](std::string_view pattern) {
    if (!pattern.ends_with(".*")) return pattern == type;
    pattern.remove_suffix(1);
    return type.size() > pattern.size() && type.starts_with(pattern);
  });
}

}  // namespace

struct Durables::Subscriber {
  explicit Subscriber(Database::Durable what) : description(std::move(what)) {}
  bool wants(std::string_view event_owner, std::string_view type) const {
    return event_owner != description.owner && matches(description.types, type);
  }

  const Database::Durable description;
  // Held through a turn; recursive, since `apply` may drop the handle.
  std::recursive_mutex mutex;
  bool ended = false;

  // Writer thread only.
  std::uint64_t position = 0;  // every event up to here was applied or is not wanted
  bool scheduled = false;
};

// What a turn did, to be believed once it is committed.
struct Durables::Turn {
  struct Cursor {
    std::uint64_t seq = 0, failing_seq = 0;
    std::int64_t failures = 0;
    bool operator==(const Cursor&) const = default;
  };
  Cursor cursor;
  std::uint64_t position = 0;
  bool ended = false;
};

Result<std::shared_ptr<void>> Durables::subscribe(Database::Durable description) {
  if (!description.apply || description.name.empty() || !Owner::valid(description.owner)) {
    return Error{ErrorCode::internal, "A subscription needs an owner, a name and something to apply.", {}};
  }
  if (writer_->is_this_thread()) {
    return Error{ErrorCode::internal, "The writer thread cannot wait for itself.", {}};
  }
  auto subscriber = std::make_shared<Subscriber>(std::move(description));
  auto waiter = std::make_shared<Waiter>();
  // One step after the other on the writer thread: nothing can be published in between unseen.
  writer_->submit({.owner = subscriber->description.owner,
                   .work =
                       [this, subscriber](Transaction& transaction) {
                         return place_cursor(static_cast<SqlTransaction&>(transaction),
                                             subscriber->description);
                       },
                   .done =
                       [this, subscriber, waiter](Result<void> result) {
                         if (result) {
                           subscribers_.push_back(subscriber);
                           schedule(subscriber);
                         }
                         waiter->finish(std::move(result));
                       },
                   .as_host = true});
  if (auto placed = waiter->wait(); !placed) return placed.error();
  return std::shared_ptr<void>(subscriber.get(), [subscriber](void*) {
    std::lock_guard lock(subscriber->mutex);
    subscriber->ended = true;
  });
}

Result<void> Durables::place_cursor(SqlTransaction& host, const Database::Durable& description) {
  for (const Shared& other : subscribers_) {
    std::lock_guard lock(other->mutex);
    if (other->ended || other->description.owner != description.owner ||
        other->description.name != description.name)
      continue;
    return Error{
        ErrorCode::conflict, description.owner + " is already subscribed as " + description.name + ".", {}};
  }
  auto log = event_log::state(host);
  if (!log) return log.error();
  const std::uint64_t first = description.from_oldest ? log->trimmed : host.group()->head();
  const Parameter parameters[] = {description.owner, description.name, first};
  auto placed = host.run(
      "INSERT INTO core_cursor (owner, name, seq, failing_seq, failures) VALUES (?1, ?2, ?3, 0, 0) ON "
      "CONFLICT DO NOTHING",
      parameters);
  if (!placed) return placed.error();
  return {};
}

void Durables::committed(std::span<const EventPtr> events, std::uint64_t before, std::uint64_t after) {
  std::erase_if(subscribers_, [](const Shared& subscriber) {
    std::lock_guard lock(subscriber->mutex);
    return subscriber->ended;
  });
  for (const Shared& subscriber : subscribers_) {
    if (subscriber->scheduled) continue;
    const bool is_wanted = std::ranges::any_of(
        events, [&](const EventPtr& event) { return subscriber->wants(event->owner, event->type); });
    if (subscriber->position == before && !is_wanted) {
      subscriber->position = after;
    } else {
      schedule(subscriber);
    }
  }
}

void Durables::retry() {
  for (const Shared& subscriber : subscribers_) {
    if (!subscriber->scheduled && subscriber->position < writer_->head()) schedule(subscriber);
  }
}

Result<void> Durables::keep_positions(SqlTransaction& host) {
  for (const Shared& subscriber : subscribers_) {
    const Database::Durable& description = subscriber->description;
    const Parameter parameters[] = {description.owner, description.name, subscriber->position};
    auto kept =
        host.run("UPDATE core_cursor SET seq = ?3 WHERE owner = ?1 AND name = ?2 AND seq < ?3", parameters);
    if (!kept) return kept.error();
  }
  return {};
}

void Durables::schedule(const Shared& subscriber) {
  if (writer_->is_closing()) return;
  subscriber->scheduled = true;
  auto turn = std::make_shared<Turn>();
  writer_->submit_own(
      {.owner = subscriber->description.owner,
       .work =
           [subscriber, turn](Transaction& transaction) {
             return take_turn(*subscriber, static_cast<SqlTransaction&>(transaction), *turn);
           },
       .done = [this, subscriber, turn](Result<void> result) { finish(subscriber, *turn, result); },
       .low_priority = true});
}

void Durables::finish(const Shared& subscriber, const Turn& turn, const Result<void>& committed) {
  subscriber->scheduled = false;
  if (turn.ended) return;
  if (!committed) {
    writer_->wake_at(Clock::now() + kRetryAfter);
    return;
  }
  subscriber->position = turn.position;
  if (subscriber->position < writer_->head()) schedule(subscriber);
}

Result<void> Durables::take_turn(Subscriber& subscriber, SqlTransaction& transaction, Turn& turn) {
  std::lock_guard lock(subscriber.mutex);
  turn.ended = subscriber.ended;
  if (turn.ended) return {};
  const Database::Durable& description = subscriber.description;
  SqlTransaction host(transaction.connection(), nullptr, transaction.group(), transaction.context());
  // What other members of this very group appended comes next time: it is not published yet.
  const std::uint64_t until = transaction.group()->first_head();

  static constexpr ColumnType kColumns[] = {ColumnType::integer, ColumnType::integer, ColumnType::integer};
  const Parameter who[] = {description.owner, description.name};
  auto rows = host.rows("SELECT seq, failing_seq, failures FROM core_cursor WHERE owner = ?1 AND name = ?2",
                        who, kColumns);
  if (!rows) return rows.error();
  auto row = (*rows)->next();
  if (!row) return row.error();
  if (!*row) return Error{ErrorCode::unavailable, "A durable cursor is gone.", {}};
  turn.cursor = {static_cast<std::uint64_t>((*rows)->integer(0)),
                 static_cast<std::uint64_t>((*rows)->integer(1)), (*rows)->integer(2)};
  (*rows)->close();
  const Turn::Cursor stored = turn.cursor;

  auto log = event_log::state(host);
  if (!log) return log.error();
  turn.position = std::max(turn.cursor.seq, subscriber.position);
  if (turn.position < log->trimmed) {
    if (description.gap) description.gap(turn.position + 1, log->trimmed);
    transaction.context().log("warning", "Events " + std::to_string(turn.position + 1) + " to " +
                                             std::to_string(log->trimmed) + " were trimmed before " +
                                             description.owner + " took them as " + description.name + ".");
    turn.position = turn.cursor.seq = log->trimmed;
  }

  auto outlines = event_log::outlines(host, turn.position, until, kOutlinesPerTurn);
  if (!outlines) return outlines.error();
  const auto started = Clock::now();
  std::size_t applied = 0;
  bool is_cut = outlines->size() == kOutlinesPerTurn;
  for (const event_log::Outline& outline : *outlines) {
    if (subscriber.wants(outline.owner, outline.type)) {
      if (subscriber.ended || applied == kEventsPerTurn ||
          (applied > 0 && Clock::now() - started >= kTimePerTurn)) {
        is_cut = true;
        break;
      }
      auto event = event_log::at(host, outline.seq);
      if (!event) return event.error();
      if (*event) {
        if (auto done = apply(subscriber, transaction, **event, turn); !done) return done;
        if (turn.cursor.failing_seq == outline.seq) {
          is_cut = true;
          break;
        }
        ++applied;
      }
      turn.cursor.seq = outline.seq;
    }
    turn.position = outline.seq;
  }
  if (!is_cut) turn.position = std::max(turn.position, until);

  if (turn.position - turn.cursor.seq >= kSilentAdvance) turn.cursor.seq = turn.position;
  if (turn.cursor == stored) return {};
  const Parameter parameters[] = {description.owner, description.name, turn.cursor.seq,
                                  turn.cursor.failing_seq, turn.cursor.failures};
  auto kept = host.run(
      "UPDATE core_cursor SET seq = ?3, failing_seq = ?4, failures = ?5 WHERE owner = ?1 AND name = ?2",
      parameters);
  if (!kept) return kept.error();
  return {};
}

// Fails only with the transaction; an event that cannot be applied is noted in the cursor, or parked.
Result<void> Durables::apply(Subscriber& subscriber, SqlTransaction& transaction, const Event& event,
                             Turn& turn) {
  Connection& connection = transaction.connection();
  Group& group = *transaction.group();
  const Group::Mark mark = group.mark();
  if (const int code = connection.run(Control::inner_savepoint)) return error_of(code, {});
  Result<void> result;
  try {
    result = subscriber.description.apply(transaction, event);
  } catch (const std::exception& error) {
    result = Error{ErrorCode::internal, error.what(), {}};
  } catch (...) {
    result = Error{ErrorCode::internal, "Something that is no exception was thrown.", {}};
  }
  transaction.close_cursors();
  if (!connection.in_transaction())
    return Error{ErrorCode::unavailable, "The transaction was rolled back.", {}};
  if (!transaction.doom()) return transaction.doom();
  // A full disk is not the event's fault: the whole turn is tried again later.
  if (!result && transaction.was_let_down()) return result;
  if (result && connection.has_deferred_violations()) {
    result = Error{ErrorCode::conflict, "A foreign key stands violated.", {}};
  }
  if (!result) {
    group.roll_back(mark);
    connection.run(Control::inner_rollback_to);
  }
  if (const int code = connection.run(Control::inner_release)) return error_of(code, {});
  if (result) {
    if (turn.cursor.failing_seq != 0) turn.cursor.failing_seq = turn.cursor.failures = 0;
    return {};
  }

  turn.cursor.failures = turn.cursor.failing_seq == event.seq ? turn.cursor.failures + 1 : 1;
  turn.cursor.failing_seq = event.seq;
  const Database::Durable& description = subscriber.description;
  if (turn.cursor.failures < kFailuresUntilParked) return {};
  SqlTransaction host(connection, nullptr, &group, transaction.context());
  const Parameter parameters[] = {description.owner, description.name, event.seq, result.error().message,
                                  transaction.context().now_ms()};
  auto parked = host.run(
      "INSERT INTO core_parked (owner, name, seq, error, parked_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT "
      "DO NOTHING",
      parameters);
  if (!parked) return parked.error();
  transaction.context().log("error", "Event " + std::to_string(event.seq) + " (" + event.type + ") failed " +
                                         std::to_string(kFailuresUntilParked) + " times for " +
                                         description.owner + " as " + description.name +
                                         " and was parked: " + result.error().message);
  turn.cursor.failing_seq = turn.cursor.failures = 0;
  return {};
}

}  // namespace stoa::core::storage
