#include "storage/job_table.hpp"

#include <vector>

namespace stoa::core::storage {
namespace {

constexpr std::string_view kOwner = "core";
constexpr std::size_t kLongestError = 500;  // bytes

std::string text(std::string_view value) {
  return std::string(value);
}

// Calls visit(cursor) for each row.
template <class F>
Result<void> each(Transaction& transaction, std::string_view sql, const std::vector<Value>& values,
                  const std::vector<ColumnType>& columns, F&& visit) {
  auto rows = transaction.query(sql, values, columns);
  if (!rows) return rows.error();
  for (;;) {
    auto row = (*rows)->next();
    if (!row) return row.error();
    if (!*row) return {};
    visit(**rows);
  }
}

Result<void> exec(Transaction& transaction, std::string_view sql, const std::vector<Value>& values) {
  auto done = transaction.exec(sql, values);
  if (!done) return done.error();
  return {};
}

}  // namespace

Result<JobTable::Next> JobTable::next(std::string_view owner, std::string_view queue, std::int64_t now) {
  Next next;
  auto done = database_.read(kOwner, [&](Transaction& transaction) {
    return each(
        transaction,
        "SELECT id, payload, attempts, run_at FROM core_job WHERE owner = ?1 AND queue = ?2 AND parked_at IS "
        "NULL ORDER BY run_at, id LIMIT 1",
        {text(owner), text(queue)},
        {ColumnType::integer, ColumnType::text, ColumnType::integer, ColumnType::integer},
        [&](const Cursor& row) {
          next.at = row.integer(3);
          if (*next.at <= now) next.entry = JobEntry{row.integer(0), text(row.text(1)), row.integer(2)};
        });
  });
  if (!done) return done.error();
  return next;
}

Result<void> JobTable::remove(std::int64_t id) {
  return database_.write(kOwner, [&](Transaction& transaction) {
    return exec(transaction, "DELETE FROM core_job WHERE id = ?1", {id});
  });
}

Result<void> JobTable::postpone(std::int64_t id, std::int64_t attempts, std::int64_t until,
                                std::string_view error) {
  return database_.write(kOwner, [&](Transaction& transaction) {
    return exec(transaction, "UPDATE core_job SET attempts = ?2, run_at = ?3, error = ?4 WHERE id = ?1",
                {id, attempts, until, text(error.substr(0, kLongestError))});
  });
}

Result<std::int64_t> JobTable::park(std::string_view owner, std::int64_t id, std::int64_t attempts,
                                    std::int64_t now, std::string_view error, std::int64_t most) {
  std::int64_t removed = 0;
  auto done = database_.write(kOwner, [&](Transaction& transaction) -> Result<void> {
    if (auto updated =
            exec(transaction, "UPDATE core_job SET attempts = ?2, parked_at = ?3, error = ?4 WHERE id = ?1",
                 {id, attempts, now, text(error.substr(0, kLongestError))});
        !updated)
      return updated;
    auto trimmed = transaction.exec(
        "DELETE FROM core_job WHERE owner = ?1 AND parked_at IS NOT NULL AND id < (SELECT min(id) FROM "
        "(SELECT id FROM core_job WHERE owner = ?1 AND parked_at IS NOT NULL ORDER BY id DESC LIMIT ?2))",
        std::array<Value, 2>{text(owner), most});
    if (!trimmed) return trimmed.error();
    removed = *trimmed;
    return {};
  });
  if (!done) return done.error();
  return removed;
}

Result<std::int64_t> JobTable::unpark(std::string_view owner, std::int64_t now) {
  std::int64_t unparked = 0;
  auto done = database_.write(kOwner, [&](Transaction& transaction) -> Result<void> {
    auto changed = transaction.exec(
        "UPDATE core_job SET attempts = 0, parked_at = NULL, run_at = ?2 WHERE owner = ?1 AND parked_at IS "
        "NOT NULL",
        std::array<Value, 2>{text(owner), now});
    if (!changed) return changed.error();
    unparked = *changed;
    return {};
  });
  if (!done) return done.error();
  return unparked;
}

Result<std::map<std::string, JobCount>> JobTable::counts() {
  std::map<std::string, JobCount> counts;
  auto done = database_.read(kOwner, [&](Transaction& transaction) {
    return each(transaction, "SELECT owner, count(*), count(parked_at) FROM core_job GROUP BY owner", {},
                {ColumnType::text, ColumnType::integer, ColumnType::integer}, [&](const Cursor& row) {
                  counts[text(row.text(0))] = {row.integer(1) - row.integer(2), row.integer(2)};
                });
  });
  if (!done) return done.error();
  return counts;
}

Result<std::set<std::string>> JobTable::queues(std::string_view owner) {
  std::set<std::string> queues;
  auto done = database_.read(kOwner, [&](Transaction& transaction) {
    return each(transaction, "SELECT DISTINCT queue FROM core_job WHERE owner = ?1 AND parked_at IS NULL",
                {text(owner)}, {ColumnType::text},
                [&](const Cursor& row) { queues.insert(text(row.text(0))); });
  });
  if (!done) return done.error();
  return queues;
}

}  // namespace stoa::core::storage
