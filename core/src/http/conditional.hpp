// Strong entity tags and conditional requests (RFC 9110, section 13).
#pragma once

#include <string>
#include <string_view>

namespace stoa::core::http {

// If-None-Match names that tag, or is "*". Weak comparison, as the RFC asks for it.
bool none_match(std::string_view header, std::string_view etag);

}  // namespace stoa::core::http
