#include "stoa/json.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace stoa {
namespace {

std::string written(std::string_view text) {
  Json json;
  return json.value(text).take();
}

std::string expected(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const std::size_t named = std::string_view("\"\\\b\f\n\r\t").find(c);
    char code[8];
    std::snprintf(code, sizeof code, "\\u%04X", byte);
    if (named != std::string_view::npos) {
      out += {'\\', "\"\\bfnrt"[named]};
    } else if (byte < 0x20) {
      out += code;
    } else {
      out += c;
    }
  }
  return out + '"';
}

TEST(Json, EscapesEachByteAtEachPlaceOfATextOfEachLength) {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, 'x');
        text[place] = static_cast<char>(byte);
        ASSERT_EQ(written(text), expected(text)) << size << ", " << place << ", " << byte;
      }
    }
  }
}

TEST(Json, EscapesManyInARow) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(written(all), expected(all));
  const std::string quotes(1'000, '"');
  EXPECT_EQ(written(quotes), expected(quotes));
  EXPECT_EQ(written({}), "\"\"");
  EXPECT_EQ(written(""), "\"\"");
}

TEST(Json, WritesATextLongerThanItsBuffer) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += i % 97 == 0 ? '\n' : static_cast<char>('a' + i % 26);
  EXPECT_EQ(written(text), expected(text));
}

TEST(Json, EscapesKeysToo) {
  Json json;
  EXPECT_EQ(json.begin_object().field("a\"b", 1).end_object().take(), R"({"a\"b":1})");
}

TEST(Json, RefusesAValueWhereAKeyIsDue) {
  Json json;
  json.begin_object();
  EXPECT_THROW(json.value(1), std::logic_error);
}

TEST(ParseJson, RefusesABareControlCharacterAtEachPlace) {
  for (std::size_t place = 0; place < 40; ++place) {
    for (char byte = 0; byte < 0x20; ++byte) {
      std::string text = '"' + std::string(40, 'x') + '"';
      ASSERT_TRUE(parse_json(text));
      text[1 + place] = byte;
      ASSERT_FALSE(parse_json(text)) << place << ", " << int(byte);
    }
  }
}

TEST(ParseJson, RefusesHalfOfASurrogatePair) {
  for (const char* text :
       {R"("\ude00")", R"("\ud66d\ude00")", R"({"\udfff":1})", R"([["a\udc00"]])", R"("\ud83d")"})
    EXPECT_FALSE(parse_json(text)) << text;
  for (const char* text : {R"("\ud83d\ude00")", R"("\ud7ff\ue000")", "\"\xed\x9f\xbf\"", R"("\\ude00")"})
    EXPECT_TRUE(parse_json(text)) << text;
}

TEST(ParseJson, RefusesNumbersThatAreTooBig) {
  for (const char* text : {"1e309", "61e308", "[-1.8e308]"}) EXPECT_FALSE(parse_json(text)) << text;
  EXPECT_TRUE(parse_json("[1.7e308, -1e-400, 0e99]"));
}

TEST(Json, WritesTimes) {
  Json json;
  json.begin_array().time(1'795'341'468'608).time(std::optional<std::int64_t>()).time(-1);
  EXPECT_EQ(json.end_array().take(), R"(["2026-11-22T09:57:48.608Z",null,"1969-12-31T23:59:59.999Z"])");
}

}  // namespace
}  // namespace stoa
