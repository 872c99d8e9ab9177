// Strong validators of what is sent (RFC 9110, section 8.8.3).
#pragma once

#include <string>
#include <string_view>

namespace stoa::core::http {

// [any-thread] With its quotes. Equal bytes have equal tags, also after a restart; 128 bits of XXH3 tell
// others apart. No secret and no proof: whoever writes content may find two texts with one tag, and thereby
// hide a change of his own from caches, no more.
std::string entity_tag(std::string_view bytes);

}  // namespace stoa::core::http
