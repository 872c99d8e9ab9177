#include "search_query.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stoa::posts {
namespace {

SearchQuery parsed(std::string_view text) {
  auto query = parse_search(text);
  EXPECT_TRUE(query) << text;
  return query ? *query : SearchQuery{};
}

TEST(SearchQuery, QuotesEveryWord) {
  EXPECT_EQ(parsed("  hello   world ").words, "\"hello\" AND \"world\"");
  EXPECT_EQ(parsed("\"two words\" three").words, "\"two words\" AND \"three\"");
  EXPECT_EQ(parsed("NEAR OR NOT (x)").words, "\"NEAR\" AND \"OR\" AND \"NOT\" AND \"(x)\"");
  EXPECT_EQ(parsed("a\"b").words, "\"a\"\"b\"");
  EXPECT_EQ(parsed("\"open end").words, "\"open end\"");
}

TEST(SearchQuery, KnowsPrefixes) {
  EXPECT_EQ(parsed("hel*").words, "\"hel\"*");
  EXPECT_EQ(parsed("*").words, "");
  EXPECT_EQ(parsed("\"hel*\"").words, "\"hel*\"");
}

TEST(SearchQuery, DropsWhatIsNoWord) {
  EXPECT_TRUE(parsed("!!! ** \"\" ---").empty());
  EXPECT_EQ(parsed("c++ !").words, "\"c++\"");
}

TEST(SearchQuery, ReadsOperators) {
  const SearchQuery query =
      parsed("author:@Alice category:ideas in:title before:2026-03 after:2025-12-31 cats");
  EXPECT_EQ(query.author, "Alice");
  EXPECT_EQ(query.category, "ideas");
  EXPECT_TRUE(query.in_title);
  EXPECT_EQ(query.before, 1772323200000);
  EXPECT_EQ(query.after, 1767139200000);
  EXPECT_EQ(query.words, "\"cats\"");
}

TEST(SearchQuery, TakesAloneFiltersAsSomethingToLookFor) {
  EXPECT_FALSE(parsed("author:bob").empty());
  EXPECT_TRUE(parsed("after:2026").empty());
}

TEST(SearchQuery, TakesUnknownOperatorsAsWords) {
  EXPECT_EQ(parsed("in:body std::string author:").words, "\"in:body\" AND \"std::string\" AND \"author:\"");
}

TEST(SearchQuery, RefusesDatesThatAreNone) {
  for (const char* date :
       {"x", "20260101", "2026-13", "2026-00-01", "2026-01-32", "0000", "2026-1-1", "2026/01/01"}) {
    const auto query = parse_search("before:" + std::string(date));
    ASSERT_FALSE(query) << date;
    EXPECT_EQ(query.error().code, ErrorCode::validation);
    EXPECT_EQ(query.error().fields.at(0).pointer, "?q");
  }
}

TEST(SearchQuery, TakesABoundedNumberOfWords) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "w" + std::to_string(i) + " ";
  const std::string words = parsed(text).words;
  EXPECT_NE(words.find("\"w9\""), std::string::npos);
  EXPECT_EQ(words.find("\"w10\""), std::string::npos);
}

TEST(SearchQuery, TakesControlCharactersAsSpace) {
  EXPECT_EQ(parsed(std::string_view("a\0b\x1F"
                                    "c",
                                    5))
                .words,
            "\"a\" AND \"b\" AND \"c\"");
}

}  // namespace
}  // namespace stoa::posts
