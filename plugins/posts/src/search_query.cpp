#include "search_query.hpp"

#include <algorithm>
#include <charconv>

namespace stoa::posts {
namespace {

bool is_space(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}

// Something the index knows as a word or a part of one.
bool has_word(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::int64_t days_before(int year, int month, int day) {  // since 1970-01-01, Howard Hinnant
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = y / 400;
  const std::int64_t of_era = y - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// The beginning of a year, month or day.
std::optional<std::int64_t> date(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
  if ((text.size() > 4 && text[4] != '-') || (text.size() > 7 && text[7] != '-')) return std::nullopt;
  const auto year = number(text.substr(0, 4));
  const auto month = text.size() > 4 ? number(text.substr(5, 2)) : 1;
  const auto day = text.size() > 7 ? number(text.substr(8, 2)) : 1;
  if (!year || !month || !day || *year < 1 || *month < 1 || *month > 12 || *day < 1 || *day > 31)
    return std::nullopt;
  return days_before(*year, *month, *day) * 86'400'000;
}

Error bad_date(std::string_view name) {
  Error error{ErrorCode::validation, "After " + std::string(name) + ": comes a date such as 2026-01-31."};
  error.fields.push_back({"?q", "invalid_date", "needs a date after " + std::string(name) + ":"});
  return error;
}

class Parser {
 public:
  Result<SearchQuery> run(std::string_view text) {
    while (!text.empty()) {
      if (is_space(text.front())) {
        text.remove_prefix(1);
        continue;
      }
      if (text.front() == '"') {
        const auto end = text.find('"', 1);
        term(text.substr(1, end == std::string_view::npos ? end : end - 1), false);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        continue;
      }
      const auto end = std::find_if(text.begin(), text.end(), is_space);
      const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
      if (auto done = this->word(word); !done) return done.error();
      text.remove_prefix(word.size());
    }
    return std::move(query_);
  }

 private:
  Result<void> word(std::string_view word) {
    const auto colon = word.find(':');
    const std::string_view name = word.substr(0, colon);
    const std::string_view value =
        colon == std::string_view::npos ? std::string_view() : word.substr(colon + 1);
    if (value.empty()) return term(word, true), Result<void>();
    if (name == "author") {
      query_.author = std::string(value.front() == '@' ? value.substr(1) : value);
    } else if (name == "category") {
      query_.category = std::string(value);
    } else if (name == "in" && value == "title") {
      query_.in_title = true;
    } else if (name == "before" || name == "after") {
      const auto time = date(value);
      if (!time) return bad_date(name);
      (name == "before" ? query_.before : query_.after) = time;
    } else {
      term(word, true);
    }
    return {};
  }

  void term(std::string_view text, bool may_be_prefix) {
    if (!has_word(text) || terms_ == kMaxTerms) return;
    ++terms_;
    const bool prefix = may_be_prefix && text.size() > 2 && text.back() == '*';
    if (prefix) text.remove_suffix(1);
    std::string& out = query_.words;
    if (!out.empty()) out += " AND ";
    out += '"';
    for (const char c : text) {
      if (c == '"') out += '"';
      out += is_space(c) ? ' ' : c;
    }
    out += prefix ? "\"*" : "\"";
  }

  SearchQuery query_;
  std::size_t terms_ = 0;
};

}  // namespace

Result<SearchQuery> parse_search(std::string_view text) {
  return Parser().run(text);
}

}  // namespace stoa::posts
