// A configuration file as TOML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/tree.hpp"

namespace stoa::core::config {

// Texts longer than this are no settings, and too much for the regular expressions of schemas.
inline constexpr std::size_t kLongestText = 8192;
inline constexpr std::size_t kLongestKey = 200;

// `name`: as the file is called in mistakes. A file with a syntax error is empty.
Tree read_toml(std::string_view text, const std::string& name, std::vector<Mistake>& mistakes);

}  // namespace stoa::core::config
