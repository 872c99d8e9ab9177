// What no reader needs and an attacker would send.
#pragma once

#include <cstddef>
#include <string_view>

namespace stoa::markdown {

// Elements within elements.
inline constexpr std::size_t kMaxDepth = 64;

// Some line opens more than kMaxDepth quotes and list items at once: md4c's time grows with lines × depth.
bool nests_too_deeply(std::string_view source);

// Well-formed UTF-8 (RFC 3629). md4c 0.4.8 reads beyond the end of a text that is cut within a character.
bool is_utf8(std::string_view source);

// Bytes of HTML that a source of that many bytes may become.
constexpr std::size_t max_html_bytes(std::size_t source_bytes) {
  return 64 * 1024 + 16 * source_bytes;
}

}  // namespace stoa::markdown
