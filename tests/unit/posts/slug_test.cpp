#include "slug.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stoa::posts {
namespace {

TEST(Slug, KeepsLettersAndDigits) {
  EXPECT_EQ(slug_of("Hello World 42"), "hello-world-42");
  EXPECT_EQ(slug_of("What's new in C++?"), "whats-new-in-c");
  EXPECT_EQ(slug_of("  --a--  b--  "), "a-b");
}

TEST(Slug, DropsAccents) {
  EXPECT_EQ(slug_of("Ça m'a plu, Žofie Łódź"), "ca-ma-plu-zofie-lodz");
  EXPECT_EQ(slug_of("Größe × 2"), "grose-2");
}

TEST(Slug, IsEmptyWithoutLatinLetters) {
  EXPECT_EQ(slug_of("你好，世界"), "");
  EXPECT_EQ(slug_of("!?"), "");
  EXPECT_EQ(slug_of(""), "");
}

TEST(Slug, IsCutBetweenWords) {
  EXPECT_EQ(slug_of("one two three", 9), "one-two");
  EXPECT_EQ(slug_of(std::string(500, 'a')).size(), 60u);
  EXPECT_EQ(slug_of("abcdefgh ij", 8), "abcdefgh");
}

TEST(Slug, SurvivesBrokenUtf8) {
  EXPECT_EQ(slug_of("a\xC3"), "a");
  EXPECT_EQ(slug_of("\xC5\x41 b\xFF\x80"), slug_of("\xC5\x41 b\xFF\x80"));
}

TEST(Slug, IsRecognised) {
  for (const char* good : {"a", "a-b", "2026-news"}) EXPECT_TRUE(is_slug(good)) << good;
  for (const char* bad : {"", "-a", "a-", "a--b", "A", "a b", "é", "a/b", "a_b"})
    EXPECT_FALSE(is_slug(bad)) << bad;
}

}  // namespace
}  // namespace stoa::posts
