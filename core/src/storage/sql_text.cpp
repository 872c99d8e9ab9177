#include "storage/sql_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace stoa::core::storage {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
std::string upper(std::string_view word) {
  std::string result(word);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

// Gives the unquoted words and single marks of a text, skipping white space, comments and quoted parts.
class Words {
 public:
  explicit Words(std::string_view sql) : sql_(sql) {}

  // Empty at the end. A quoted part is given as its opening quote.
  std::string_view next() {
    skip_space();
    if (at_ >= sql_.size()) return {};
    const std::size_t begin = at_;
    if (is_word(sql_[at_])) {
      while (at_ < sql_.size() && is_word(sql_[at_])) ++at_;
      return sql_.substr(begin, at_ - begin);
    }
    const char mark = sql_[at_++];
    if (mark == '\'' || mark == '"' || mark == '`' || mark == '[') skip_quoted(mark == '[' ? ']' : mark);
    return sql_.substr(begin, 1);
  }

 private:
  void skip_space() {
    while (at_ < sql_.size()) {
      if (is_space(sql_[at_])) {
        ++at_;
      } else if (sql_.substr(at_, 2) == "--") {
        at_ = std::min(sql_.find('\n', at_), sql_.size());
      } else if (sql_.substr(at_, 2) == "/*") {
        const std::size_t end = sql_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? sql_.size() : end + 2;
      } else {
        return;
      }
    }
  }
  // A doubled quote reads as two quoted parts side by side, which comes to the same.
  void skip_quoted(char quote) { at_ = std::min(sql_.find(quote, at_), sql_.size() - 1) + 1; }

  std::string_view sql_;
  std::size_t at_ = 0;
};

}  // namespace

bool SqlShape::changes_schema() const {
  return verb == "CREATE" || verb == "ALTER" || verb == "DROP" || verb == "REINDEX";
}

bool SqlShape::is_permitted() const {
  static constexpr std::array<std::string_view, 8> kVerbs = {"SELECT",  "VALUES", "WITH",   "INSERT",
                                                             "REPLACE", "UPDATE", "DELETE", "EXPLAIN"};
  return changes_schema() || std::find(kVerbs.begin(), kVerbs.end(), verb) != kVerbs.end();
}

SqlShape shape_of(std::string_view sql) {
  SqlShape shape;
  Words words(sql);
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    if (word == ";") continue;
    if (shape.verb.empty()) shape.verb = upper(word);
    if (word.size() == 8 && upper(word) == "ROLLBACK") shape.rolls_back = true;
  }
  return shape;
}

bool is_blank(std::string_view sql) {
  Words words(sql);
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    if (word != ";") return false;
  }
  return true;
}

}  // namespace stoa::core::storage
