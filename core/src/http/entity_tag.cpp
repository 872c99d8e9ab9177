#include "http/entity_tag.hpp"

#include <xxhash.h>

namespace stoa::core::http {

std::string entity_tag(std::string_view bytes) {
  XXH128_canonical_t digest;
  XXH128_canonicalFromHash(&digest, XXH3_128bits(bytes.data(), bytes.size()));
  constexpr char kHex[] = "0123456789abcdef";
  std::string tag = "\"";
  for (const unsigned char byte : digest.digest) {
    tag += kHex[byte >> 4];
    tag += kHex[byte & 15];
  }
  return tag += '"';
}

}  // namespace stoa::core::http
