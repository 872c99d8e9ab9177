#include "slug.hpp"

#include <algorithm>
#include <cstdint>

namespace stoa::posts {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// U+00C0 to U+017F without their accents; '-' where there is no letter.
constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty";
constexpr std::string_view kLatinA =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

char latin(std::uint32_t point) {
  if (point >= 0xC0 && point <= 0xFF) return kLatin1[point - 0xC0];
  if (point >= 0x100 && point <= 0x17F) return kLatinA[point - 0x100];
  return '-';
}

}  // namespace

std::string slug_of(std::string_view title, std::size_t max) {
  std::string slug;
  const auto add = [&](char c) {
    if (is_plain(c)) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  };
  for (std::size_t i = 0; i < title.size() && slug.size() <= max; ++i) {
    const auto byte = static_cast<unsigned char>(title[i]);
    if (byte == '\'') continue;
    if (byte < 0x80) {
      add(byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : static_cast<char>(byte));
    } else if (byte >= 0xC3 && byte <= 0xC5 && i + 1 < title.size()) {
      add(latin(
          static_cast<std::uint32_t>((byte & 0x1F) << 6 | (static_cast<unsigned char>(title[++i]) & 0x3F))));
    } else if ((byte & 0xC0u) != 0x80u) {
      add('-');
    }
  }
  if (slug.size() > max) {
    const auto hyphen = slug.rfind('-', max);
    slug.resize(hyphen == std::string::npos || hyphen < max / 2 ? max : hyphen);
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

bool is_slug(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_plain(text[i]) && (text[i] != '-' || text[i - 1] == '-')) return false;
  }
  return true;
}

}  // namespace stoa::posts
