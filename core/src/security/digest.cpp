#include "security/digest.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace stoa::core::security {

namespace {
void ready() {
  static const int result = sodium_init();
  if (result < 0) throw std::runtime_error("libsodium cannot be initialised");
}
}  // namespace

std::string hex_digest(std::string_view bytes, std::size_t size) {
  ready();
  std::array<unsigned char, crypto_generichash_BYTES_MAX> digest{};
  const std::size_t length =
      std::clamp<std::size_t>(size, crypto_generichash_BYTES_MIN, crypto_generichash_BYTES_MAX);
  crypto_generichash(digest.data(), length, reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), nullptr, 0);
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < std::min(size, length); ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 15];
  }
  return out;
}

std::string sha256_base64(std::string_view bytes) {
  ready();
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  std::string out(sodium_base64_encoded_len(digest.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), digest.data(), digest.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();
  return out;
}

void random_bytes(void* out, std::size_t size) {
  ready();
  randombytes_buf(out, size);
}

}  // namespace stoa::core::security
