// What people type into the search field: what comes of it is an expression that the index understands.
#include "search_query.hpp"

#include <sqlite3.h>

#include <string>

#include "input.hpp"
#include "stoa/json.hpp"

namespace {

using stoa::fuzz::expect;

class Index {
 public:
  Index() {
    expect(sqlite3_open(":memory:", &database_) == SQLITE_OK, "there is a database");
    run("CREATE VIRTUAL TABLE found USING fts5(title, body, facts, tokenize = 'unicode61 remove_diacritics "
        "2')");
    run("INSERT INTO found VALUES ('one two', 'three \"four\" 2026', 'a1 c2')");
    expect(sqlite3_prepare_v2(database_, "SELECT rowid FROM found WHERE found MATCH ?1", -1, &match_,
                              nullptr) == SQLITE_OK,
           "the index can be asked");
  }
  ~Index() {
    sqlite3_finalize(match_);
    sqlite3_close(database_);
  }
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  bool understands(const std::string& expression) {
    sqlite3_bind_text(match_, 1, expression.data(), static_cast<int>(expression.size()), SQLITE_TRANSIENT);
    const int result = sqlite3_step(match_);
    sqlite3_reset(match_);
    return result == SQLITE_ROW || result == SQLITE_DONE;
  }

 private:
  void run(const char* sql) {
    expect(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, "the index can be filled");
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* match_ = nullptr;
};

std::size_t terms_of(std::string_view words) {
  std::size_t terms = words.empty() ? 0 : 1;
  bool quoted = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == '"') quoted = !quoted;
    if (!quoted && words.substr(i, 5) == " AND ") ++terms;
  }
  return terms;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Index index;
  const std::string text(reinterpret_cast<const char*>(data), size);
  // A query string's value is UTF-8 without NUL.
  if (!stoa::parse_json(stoa::Json().value(text).take()) || text.find('\0') != std::string::npos) return 0;
  const auto query = stoa::posts::parse_search(text);
  if (!query) {
    expect(!query.error().fields.empty() && query.error().fields.front().pointer == "?q",
           "an error names the field");
    return 0;
  }
  expect(terms_of(query->words) <= stoa::posts::kMaxTerms, "terms are bounded");
  expect(query->words.size() <= 3 * text.size() + 8 * stoa::posts::kMaxTerms, "the size is in proportion");
  for (const auto& time : {query->before, query->after})
    expect(!time || (*time >= -62'135'596'800'000 && *time < 253'402'300'800'000),
           "a date is of the years 1 to 9999");
  if (query->author)
    expect(!text.empty() && text.find(*query->author) != std::string::npos, "an author was typed");
  if (!query->words.empty()) expect(index.understands(query->words), "the index understands the words");
  // As the search asks of one column, and of a fact beside.
  if (!query->words.empty())
    expect(index.understands("{title} : (" + query->words + ") AND facts : \"a1\""),
           "also beside other terms");
  return 0;
}
