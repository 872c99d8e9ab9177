// What people type into the search field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "stoa/result.hpp"

namespace stoa::posts {

// Words, "several words" and word* beside author:, category:, before:, after: (2026, 2026-01 or 2026-01-31)
// and in:title.
struct SearchQuery {
  std::string words;  // for FTS5: every term quoted, all of them needed; empty: no words
  bool in_title = false;
  std::optional<std::string> author = {};    // nickname
  std::optional<std::string> category = {};  // slug
  std::optional<std::int64_t> before = {};   // milliseconds, exclusive
  std::optional<std::int64_t> after =
      {};  // milliseconds, inclusive: the beginning of that day, month or year

  // Nothing to look for.
  bool empty() const { return words.empty() && !author && !category; }
};

inline constexpr std::size_t kMaxTerms = 10;  // further words are ignored

// Error: validation, for a date that is none.
Result<SearchQuery> parse_search(std::string_view text);

}  // namespace stoa::posts
