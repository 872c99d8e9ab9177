#include "storage/expansion.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "storage/sql_text.hpp"

namespace stoa::core::storage {
namespace {

// Words outside of quotes and comments, in capitals; everything else counts as a gap.
std::vector<std::string> words_of(std::string_view sql) {
  std::vector<std::string> words;
  bool in_word = false;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    const std::string_view rest = sql.substr(i);
    std::size_t skip = 0;
    if (rest.starts_with("--")) skip = std::min(rest.find('\n'), rest.size());
    if (rest.starts_with("/*"))
      skip = rest.find("*/") == std::string_view::npos ? rest.size() : rest.find("*/") + 2;
    if (c == '\'' || c == '"' || c == '`') {
      const std::size_t end = sql.find(c, i + 1);
      skip = (end == std::string_view::npos ? sql.size() : end + 1) - i;
      words.emplace_back("?");
    }
    if (skip > 0) {
      i += skip - 1;
      in_word = false;
      continue;
    }
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
      if (!in_word) words.emplace_back();
      words.back() += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      in_word = true;
    } else {
      in_word = false;
    }
  }
  return words;
}

bool has(const std::vector<std::string>& words, const char* word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool expands(const std::vector<std::string>& words) {
  if (words.empty() || words[0] == "CREATE") return true;
  if (words[0] != "ALTER" || !has(words, "ADD")) return false;
  const bool not_null = has(words, "NOT") && has(words, "NULL");
  return !not_null || has(words, "DEFAULT");
}

}  // namespace

Result<void> only_expands(std::string_view script) {
  std::string statement;
  const auto check = [&]() -> Result<void> {
    if (is_blank(statement) || expands(words_of(statement))) return {};
    const std::size_t start = statement.find_first_not_of(" \t\r\n");
    return Error{ErrorCode::validation,
                 "it does more than create things and add columns: " +
                     statement.substr(start, std::min<std::size_t>(80, statement.size()))};
  };
  for (const char c : script) {
    statement += c;
    // It knows quotes, comments and the bodies of triggers.
    if (c != ';' || sqlite3_complete(statement.c_str()) == 0) continue;
    if (auto good = check(); !good) return good;
    statement.clear();
  }
  return check();
}

}  // namespace stoa::core::storage
