// Where RapidJSON alone is not strict.
#include "stoa/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stoa {
namespace {

TEST(Json, EscapesEveryControlCharacterWhereverItStands) {
  for (int code = 0; code < 0x20; ++code) {
    for (std::size_t before = 0; before < 40; ++before) {
      const std::string text =
          std::string(before, 'a') + static_cast<char>(code) + "bcdefghijklmnopqrstuvwxyz";
      const std::string json = Json().value(text).take();
      for (const char c : json) ASSERT_GE(static_cast<unsigned char>(c), 0x20) << code << " after " << before;
      const auto again = parse_json(json);
      ASSERT_TRUE(again) << json;
      EXPECT_EQ(std::string(again->GetString(), again->GetStringLength()), text);
    }
  }
}

TEST(Json, EscapesQuotesAndLeavesTheRest) {
  EXPECT_EQ(Json().value("0123456\"89\\bcdef\x7fé\"").take(), "\"0123456\\\"89\\\\bcdef\x7fé\\\"\"");
  EXPECT_EQ(Json().value("").take(), "\"\"");
}

TEST(Json, RefusesHalfOfASurrogatePair) {
  for (const char* text :
       {R"("\ude00")", R"("\ud66d\ude00")", R"({"\udfff":1})", R"([["a\udc00"]])", R"("\ud83d")"})
    EXPECT_FALSE(parse_json(text)) << text;
  for (const char* text : {R"("\ud83d\ude00")", R"("\ud7ff\ue000")", "\"\xed\x9f\xbf\"", R"("\\ude00")"})
    EXPECT_TRUE(parse_json(text)) << text;
}

TEST(Json, RefusesNumbersThatAreTooBig) {
  for (const char* text : {"1e309", "61e308", "[-1.8e308]"}) EXPECT_FALSE(parse_json(text)) << text;
  EXPECT_TRUE(parse_json("[1.7e308, -1e-400, 0e99]"));
}

}  // namespace
}  // namespace stoa
