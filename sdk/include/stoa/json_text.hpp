// What of a text stands in a JSON string as it is.
#pragma once

#include <cstddef>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace stoa {

namespace detail {

#if defined(__SSE2__)
// Whether none of sixteen bytes needs an escape in JSON.
inline bool are_plain(__m128i bytes) {
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  return _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))) == 0;
}
#endif

// How many bytes at the start of a text need no escape in JSON.
inline std::size_t plain_bytes(std::string_view text) {
  std::size_t at = 0;
#if defined(__SSE2__)
  const auto sixteen = [](const char* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  };
  const auto eight = [](const char* from) { return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)); };
  while (at + 16 <= text.size() && are_plain(sixteen(text.data() + at))) at += 16;
  // What is left of a plain text is looked at together with some of the bytes before it.
  const char* const end = text.data() + text.size();
  if (text.size() >= 16) {
    if (at + 16 > text.size() && are_plain(sixteen(end - 16))) return text.size();
  } else if (text.size() >= 8) {
    if (are_plain(_mm_unpacklo_epi64(eight(text.data()), eight(end - 8)))) return text.size();
  }
#endif
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == '"' || byte == '\\') break;
  }
  return at;
}

}  // namespace detail

}  // namespace stoa
