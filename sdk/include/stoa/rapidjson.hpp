// RapidJSON as Stoa uses it: failed assertions throw, so that a wrong access is an error and not a crash. The
// one place that includes it; strict parsing is in json.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#ifdef RAPIDJSON_RAPIDJSON_H_
#error "include stoa/rapidjson.hpp before any RapidJSON header"
#endif
#define RAPIDJSON_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("RapidJSON: " #condition))
#define RAPIDJSON_HAS_STDSTRING 1

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace stoa::detail {

// Bytes from the beginning of `text` that stand in a JSON string as they are. Eight at a time.
inline std::size_t unescaped(const char* text, std::size_t size) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  constexpr std::uint64_t kHighs = 0x8080808080808080u;
  const auto has = [](std::uint64_t word, unsigned char c) {
    const std::uint64_t zero = word ^ (kOnes * c);
    return (zero - kOnes) & ~zero & kHighs;
  };
  std::size_t i = 0;
  for (; size - i >= sizeof(std::uint64_t); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text + i, sizeof word);
    if (((word - kOnes * 0x20u) & ~word & kHighs) | has(word, '"') | has(word, '\\')) break;
  }
  while (i < size && static_cast<unsigned char>(text[i]) >= 0x20u && text[i] != '"' && text[i] != '\\') ++i;
  return i;
}

}  // namespace stoa::detail

// RapidJSON 1.1 has this for SSE2 (RAPIDJSON_SSE2), which leaves 0x1A to 0x1F unescaped: no JSON.
template <>
inline bool rapidjson::Writer<rapidjson::StringBuffer>::ScanWriteUnescapedString(StringStream& text,
                                                                                 std::size_t size) {
  const std::size_t done = text.Tell();
  const std::size_t run = stoa::detail::unescaped(text.src_, size - done);
  if (run > 0) std::memcpy(os_->Push(run), text.src_, run);
  text.src_ += run;
  return done + run < size;
}
