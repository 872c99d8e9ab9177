// The kept statements of one connection, the least recently used given up first.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>

#include "storage/statement.hpp"

namespace stoa::core::storage {

class StatementCache {
 public:
  StatementCache(Connection& connection, std::size_t limit);
  ~StatementCache();

  // One that nobody uses now: a second run of a text whose cursor is still open gets a statement of its own.
  // Valid until given back.
  Result<Statement*> take(const Owner* owner, std::string_view text, std::span<const ColumnType> columns);
  void give_back(Statement& statement);
  std::size_t size() const { return statements_.size(); }

 private:
  struct Key {
    const Owner* owner;
    std::string_view text;  // of the statement itself
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string_view>()(key.text) ^ std::hash<const void*>()(key.owner);
    }
  };
  using List = std::list<std::unique_ptr<Statement>>;  // most recently used first
  void make_room();
  void tell(Statement& statement, std::chrono::milliseconds spent);

  Connection& connection_;
  std::size_t limit_;
  List statements_;
  std::unordered_multimap<Key, List::iterator, Hash> by_text_;
};

}  // namespace stoa::core::storage
