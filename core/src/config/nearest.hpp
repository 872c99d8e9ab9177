// "Did you mean".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stoa::core::config {

// The candidate that `word` may be a slip of: case ignored, about one slip for each three letters.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace stoa::core::config
