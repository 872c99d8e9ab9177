#include "storage/statement_cache.hpp"

#include <algorithm>

namespace stoa::core::storage {

namespace {
constexpr std::chrono::minutes kTellAgain{1};
}

StatementCache::StatementCache(Connection& connection, std::size_t limit)
    : connection_(connection), limit_(limit) {}
StatementCache::~StatementCache() = default;

Result<Statement*> StatementCache::take(const Owner* owner, std::string_view text,
                                        std::span<const ColumnType> columns) {
  const auto [begin, end] = by_text_.equal_range(Key{owner, text});
  for (auto entry = begin; entry != end; ++entry) {
    Statement& statement = **entry->second;
    if (statement.in_use || !std::ranges::equal(statement.column_types(), columns)) continue;
    statements_.splice(statements_.begin(), statements_, entry->second);
    statement.in_use = true;
    return &statement;
  }
  auto made = Statement::prepare(connection_, owner, text, columns);
  if (!made) return std::move(made).error();
  connection_.note_prepared(owner, text);
  make_room();
  statements_.push_front(std::move(*made));
  Statement& statement = *statements_.front();
  statement.in_use = true;
  by_text_.emplace(Key{owner, statement.text()}, statements_.begin());
  return &statement;
}

void StatementCache::give_back(Statement& statement) {
  statement.reset();
  statement.in_use = false;
  const auto spent = statement.take_spent();
  if (connection_.slow_statement().count() > 0 && spent >= connection_.slow_statement())
    tell(statement, spent);
}

void StatementCache::tell(Statement& statement, std::chrono::milliseconds spent) {
  const auto now = std::chrono::steady_clock::now();
  const bool told_before = statement.slow_told != std::chrono::steady_clock::time_point();
  if (told_before && now - statement.slow_told < kTellAgain) return;
  statement.slow_told = now;
  connection_.note_slow({.owner = statement.owner() ? statement.owner()->name : std::string(),
                         .text = statement.text(),
                         .plan = connection_.plan_of(statement.text()),
                         .spent = spent});
}

void StatementCache::make_room() {
  for (auto last = statements_.end(); statements_.size() >= limit_ && last != statements_.begin();) {
    --last;
    if ((*last)->in_use) continue;
    const auto [begin, end] = by_text_.equal_range(Key{(*last)->owner(), (*last)->text()});
    by_text_.erase(std::find_if(begin, end, [&](const auto& entry) { return entry.second == last; }));
    last = statements_.erase(last);
  }
}

}  // namespace stoa::core::storage
