// Single facts of the database.
#pragma once

#include <optional>
#include <string_view>

#include "posts_sql.hpp"
#include "statement.hpp"

namespace stoa::posts {

class MarkRepository {
 public:
  explicit MarkRepository(Tx& tx) : tx_(tx) {}

  Result<std::optional<std::int64_t>> get(std::string_view name) {
    return only(tx_.query<std::int64_t>(sql::read_mark, name));
  }
  Result<void> set(std::string_view name, std::int64_t value) {
    return done(tx_.exec(sql::set_mark, name, value));
  }

 private:
  Tx& tx_;
};

}  // namespace stoa::posts
