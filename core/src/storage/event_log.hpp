// The event log in its tables. Every function takes a transaction of the host (owner null).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.hpp"
#include "storage/transaction.hpp"

namespace stoa::core::storage::event_log {

struct State {
  std::uint64_t head = 0;     // the last seq given out
  std::uint64_t trimmed = 0;  // the last seq deleted
};

Result<State> state(SqlTransaction& host);
Result<std::uint64_t> head(SqlTransaction& host);

// In the group of a write: appends, and notes the event for publishing. Errors: validation (nothing was
// done); after any other the closure must not commit.
Result<std::uint64_t> append(SqlTransaction& host, std::string_view owner, const NewEvent& event);
Result<void> redact(SqlTransaction& host, std::string_view owner, std::string_view subject);
// Before a commit: keeps the head of the group.
Result<void> keep_head(SqlTransaction& host);

Result<Database::Stretch> read(SqlTransaction& host, std::uint64_t since, std::uint64_t until,
                               std::span<const std::string> channels, std::size_t limit);
Result<EventPtr> at(SqlTransaction& host, std::uint64_t seq);

// What decides whether somebody wants an event, without its data.
struct Outline {
  std::uint64_t seq;
  std::string owner, type;
};
Result<std::vector<Outline>> outlines(SqlTransaction& host, std::uint64_t since, std::uint64_t until,
                                      std::size_t limit);

// Deletes at most `limit` events from the log's beginning that are older; how many.
Result<std::int64_t> trim(SqlTransaction& host, std::int64_t before_ms, std::size_t limit);

}  // namespace stoa::core::storage::event_log
