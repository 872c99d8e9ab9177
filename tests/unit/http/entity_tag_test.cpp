#include "http/entity_tag.hpp"

#include <gmock/gmock.h>

#include <string>

namespace stoa::core::http {
namespace {

TEST(EntityTag, IsXxh3Of128BitsInQuotes) {
  // Of no bytes, as in the specification's sanity check (seed 0).
  EXPECT_EQ(entity_tag(""), "\"99aa06d3014798d86001c324468d497f\"");
}

TEST(EntityTag, TellsApartWhatDiffersInOneBit) {
  std::string long_text(10'000, 'a');
  const std::string before = entity_tag(long_text);
  long_text[5'000] = 'c';
  EXPECT_NE(entity_tag(long_text), before);
  long_text[5'000] = 'a';
  EXPECT_EQ(entity_tag(long_text), before);
}

}  // namespace
}  // namespace stoa::core::http
