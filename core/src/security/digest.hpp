// Digests and random bytes. The only libsodium of the core.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stoa::core::security {

// [any-thread] BLAKE2b (RFC 7693) of the bytes, `size` bytes long (1 … 64; below 16 it is made of a 16-byte
// digest), in hexadecimal.
std::string hex_digest(std::string_view bytes, std::size_t size);
// [any-thread] SHA-256 in base64, as a Content-Security-Policy names a script.
std::string sha256_base64(std::string_view bytes);
// [any-thread] Cryptographically secure.
void random_bytes(void* out, std::size_t size);

}  // namespace stoa::core::security
