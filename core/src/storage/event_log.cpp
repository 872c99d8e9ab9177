#include "storage/event_log.hpp"

#include <algorithm>

namespace stoa::core::storage::event_log {
namespace {

constexpr ColumnType kInteger = ColumnType::integer;
constexpr ColumnType kText = ColumnType::text;
constexpr ColumnType kEventColumns[] = {kInteger, kInteger, kText, kText, kText, kText, kText};

constexpr std::string_view kAll =
    "SELECT seq, time_ms, owner, type, subject, channels, data FROM core_event WHERE seq > ?1 AND seq <= ?2"
    " ORDER BY seq LIMIT ?3";
constexpr std::string_view kOne =
    "SELECT seq, time_ms, owner, type, subject, channels, data FROM core_event WHERE seq = ?1";

std::string joined(const std::vector<std::string>& channels) {
  std::string result;
  for (const std::string& channel : channels) {
    if (!result.empty()) result += '\n';
    result += channel;
  }
  return result;
}

std::vector<std::string> split(std::string_view channels) {
  std::vector<std::string> result;
  while (!channels.empty()) {
    const std::size_t end = std::min(channels.find('\n'), channels.size());
    result.emplace_back(channels.substr(0, end));
    channels.remove_prefix(std::min(end + 1, channels.size()));
  }
  return result;
}

EventPtr event_of(const SqlCursor& row) {
  auto event = std::make_shared<Event>();
  event->seq = static_cast<std::uint64_t>(row.integer(0));
  event->time_ms = row.integer(1);
  event->owner = row.text(2);
  event->type = row.text(3);
  event->subject = row.text(4);
  event->channels = split(row.text(5));
  event->data = row.text(6);
  return event;
}

Result<void> check(std::string_view owner, const NewEvent& event) {
  // The host itself speaks of plugins, storage and the like.
  const bool type_is_own =
      owner == "core" || (event.type.size() > owner.size() + 1 && event.type.starts_with(owner) &&
                          event.type[owner.size()] == '.');
  if (!type_is_own)
    return Error{ErrorCode::validation, "An event's type begins with its owner and a dot.", "/type"};
  for (const std::string& channel : event.channels) {
    if (channel.empty() || channel.find('\n') != std::string::npos) {
      return Error{ErrorCode::validation, "A channel's name is not empty and holds no line break.",
                   "/channels"};
    }
  }
  if (!event.data.starts_with('{') || !event.data.ends_with('}')) {
    return Error{ErrorCode::validation, "An event's data is a JSON object.", "/data"};
  }
  return {};
}

// The seqs of the first `limit` events of any of the channels.
Result<std::vector<std::uint64_t>> seqs_of(SqlTransaction& host, std::uint64_t since, std::uint64_t until,
                                           std::span<const std::string> channels, std::size_t limit) {
  static constexpr ColumnType kColumns[] = {kInteger};
  std::vector<std::uint64_t> seqs;
  auto settle = [&] {
    std::ranges::sort(seqs);
    seqs.erase(std::ranges::unique(seqs).begin(), seqs.end());
    if (seqs.size() < limit) return;
    seqs.resize(limit);
    until = seqs.back();  // later channels need not look beyond
  };
  for (const std::string& channel : channels) {
    const Parameter parameters[] = {channel, since, until, static_cast<std::uint64_t>(limit)};
    auto rows = host.rows(
        "SELECT seq FROM core_event_channel WHERE channel = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT "
        "?4",
        parameters, kColumns);
    if (!rows) return rows.error();
    for (;;) {
      auto row = (*rows)->next();
      if (!row) return row.error();
      if (!*row) break;
      seqs.push_back(static_cast<std::uint64_t>((*rows)->integer(0)));
    }
    if (seqs.size() >= limit) settle();
  }
  settle();
  return seqs;
}

}  // namespace

Result<State> state(SqlTransaction& host) {
  static constexpr ColumnType kColumns[] = {kInteger, kInteger};
  auto rows = host.rows("SELECT head, trimmed FROM core_log WHERE id = 1", {}, kColumns);
  if (!rows) return rows.error();
  auto row = (*rows)->next();
  if (!row) return row.error();
  if (!*row) return Error{ErrorCode::unavailable, "The event log has lost its head.", {}};
  return State{static_cast<std::uint64_t>((*rows)->integer(0)),
               static_cast<std::uint64_t>((*rows)->integer(1))};
}

Result<std::uint64_t> head(SqlTransaction& host) {
  auto now = state(host);
  if (!now) return now.error();
  return now->head;
}

Result<std::uint64_t> append(SqlTransaction& host, std::string_view owner, const NewEvent& event) {
  if (auto valid = check(owner, event); !valid) return valid.error();
  auto entry = std::make_shared<Event>();
  entry->seq = host.group()->next_seq();
  entry->time_ms = host.context().now_ms();
  entry->owner = owner;
  entry->type = event.type;
  entry->subject = event.subject;
  entry->channels = event.channels;
  entry->data = event.data;
  const std::string channels = joined(event.channels);
  const Parameter parameters[] = {entry->seq,     entry->time_ms, entry->owner, entry->type,
                                  entry->subject, channels,       entry->data};
  auto added = host.run(
      "INSERT INTO core_event (seq, time_ms, owner, type, subject, channels, data) VALUES (?1, ?2, ?3, ?4, "
      "?5, ?6, ?7)",
      parameters);
  for (const std::string& channel : event.channels) {
    if (!added) break;
    const Parameter place[] = {channel, entry->seq};
    added = host.run("INSERT INTO core_event_channel (channel, seq) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                     place);
  }
  if (!added) return added.error();
  const std::uint64_t seq = entry->seq;
  host.group()->add(std::move(entry));
  return seq;
}

Result<void> redact(SqlTransaction& host, std::string_view owner, std::string_view subject) {
  if (subject.empty()) return Error{ErrorCode::validation, "A subject is not empty.", "/subject"};
  const Parameter parameters[] = {owner, subject};
  auto done = host.run(
      "UPDATE core_event SET data = '{}' WHERE owner = ?1 AND subject = ?2 AND subject <> '' AND data <> "
      "'{}'",
      parameters);
  if (!done) return done.error();
  host.group()->redact(std::string(owner), std::string(subject));
  return {};
}

Result<void> keep_head(SqlTransaction& host) {
  const Parameter parameters[] = {host.group()->head()};
  auto done = host.run("UPDATE core_log SET head = ?1 WHERE id = 1", parameters);
  if (!done) return done.error();
  return {};
}

Result<Database::Stretch> read(SqlTransaction& host, std::uint64_t since, std::uint64_t until,
                               std::span<const std::string> channels, std::size_t limit) {
  auto now = state(host);
  if (!now) return now.error();
  Database::Stretch stretch;
  stretch.trimmed = since < now->trimmed;
  until = std::min(until, now->head);
  if (limit == 0 || since >= until) return stretch;

  if (channels.empty()) {
    const Parameter parameters[] = {since, until, static_cast<std::uint64_t>(limit) + 1};
    auto rows = host.rows(kAll, parameters, kEventColumns);
    if (!rows) return rows.error();
    for (;;) {
      auto row = (*rows)->next();
      if (!row) return row.error();
      if (!*row) return stretch;
      if (stretch.events.size() == limit) {
        stretch.more = true;
        return stretch;
      }
      stretch.events.push_back(event_of(**rows));
    }
  }

  auto seqs = seqs_of(host, since, until, channels, limit + 1);
  if (!seqs) return seqs.error();
  stretch.more = seqs->size() > limit;
  if (stretch.more) seqs->resize(limit);
  stretch.events.reserve(seqs->size());
  for (const std::uint64_t seq : *seqs) {
    auto event = at(host, seq);
    if (!event) return event.error();
    if (*event) stretch.events.push_back(std::move(*event));
  }
  return stretch;
}

Result<EventPtr> at(SqlTransaction& host, std::uint64_t seq) {
  const Parameter parameters[] = {seq};
  auto rows = host.rows(kOne, parameters, kEventColumns);
  if (!rows) return rows.error();
  auto row = (*rows)->next();
  if (!row) return row.error();
  return *row ? event_of(**rows) : EventPtr();
}

Result<std::vector<Outline>> outlines(SqlTransaction& host, std::uint64_t since, std::uint64_t until,
                                      std::size_t limit) {
  static constexpr ColumnType kColumns[] = {kInteger, kText, kText};
  const Parameter parameters[] = {since, until, static_cast<std::uint64_t>(limit)};
  auto rows =
      host.rows("SELECT seq, owner, type FROM core_event WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3",
                parameters, kColumns);
  if (!rows) return rows.error();
  std::vector<Outline> result;
  for (;;) {
    auto row = (*rows)->next();
    if (!row) return row.error();
    if (!*row) return result;
    result.push_back({static_cast<std::uint64_t>((*rows)->integer(0)), std::string((*rows)->text(1)),
                      std::string((*rows)->text(2))});
  }
}

Result<std::int64_t> trim(SqlTransaction& host, std::int64_t before_ms, std::size_t limit) {
  auto now = state(host);
  if (!now) return now.error();
  // From the beginning up to the first event young enough, whatever the clock did in between.
  static constexpr ColumnType kColumns[] = {kInteger, kInteger, kText};
  const Parameter from[] = {now->trimmed, static_cast<std::uint64_t>(limit)};
  auto rows = host.rows("SELECT seq, time_ms, channels FROM core_event WHERE seq > ?1 ORDER BY seq LIMIT ?2",
                        from, kColumns);
  if (!rows) return rows.error();
  std::uint64_t last = now->trimmed;
  for (;;) {
    auto row = (*rows)->next();
    if (!row) return row.error();
    if (!*row || (*rows)->integer(1) >= before_ms) break;
    last = static_cast<std::uint64_t>((*rows)->integer(0));
    for (const std::string& channel : split((*rows)->text(2))) {
      const Parameter place[] = {channel, last};
      auto gone = host.run("DELETE FROM core_event_channel WHERE channel = ?1 AND seq = ?2", place);
      if (!gone) return gone.error();
    }
  }
  (*rows)->close();
  if (last == now->trimmed) return 0;
  const Parameter to[] = {last};
  auto deleted = host.run("DELETE FROM core_event WHERE seq <= ?1", to);
  if (!deleted) return deleted.error();
  if (auto kept = host.run("UPDATE core_log SET trimmed = ?1 WHERE id = 1", to); !kept) return kept.error();
  return deleted;
}

}  // namespace stoa::core::storage::event_log
