// Regular expressions of schemas.
#pragma once

#include <string_view>

namespace stoa::core::config {

// Whether the pattern is found in the text. Throws std::regex_error for what is no pattern.
bool contains(std::string_view text, std::string_view pattern);

}  // namespace stoa::core::config
