// Content codings: which one a client takes, and the bytes of one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stoa::core::http {

enum class Coding : std::uint8_t { identity, gzip, brotli };
inline constexpr std::size_t kCodings = 3;

// For one answer, for as long as it is kept, for as long as the program runs.
enum class Effort : std::uint8_t { quick, thorough, utmost };

// As Content-Encoding names it; empty for identity.
std::string_view name_of(Coding coding);

// What Accept-Encoding likes best (RFC 9110, 12.5.3), the shortest of equals; identity when it allows nothing
// of what there is.
Coding wanted_coding(std::string_view accept_encoding, bool has_brotli = true, bool has_gzip = true);

// Text of a kilobyte and more.
bool is_worth_encoding(std::string_view content_type, std::size_t size);

// [any-thread] The same input gives the same bytes. Empty when it would not be shorter.
std::string encoded(std::string_view bytes, Coding coding, Effort effort);

}  // namespace stoa::core::http
