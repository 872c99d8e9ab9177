// A place in the configuration: {"http", "port"}; elements of lists are {"plugins", "enabled", "[0]"}.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stoa::core::config {

using KeyPath = std::vector<std::string>;

inline constexpr std::string_view kVariablePrefix = "STOA__";

// "http.port", "plugins.enabled[0]"; names TOML would not take bare are quoted.
std::string dotted(const KeyPath& path);
// "http.port" into its names.
KeyPath split_key(std::string_view dotted_key);
// "STOA__HTTP__PORT".
std::string variable_name(const KeyPath& path);

KeyPath operator/(KeyPath path, std::string_view name);
// "[0]"
std::string element_name(std::size_t index);

// One name of it: upper case, '-' as '_'.
std::string variable_part(std::string_view name);

// ASCII only.
std::string lower_case(std::string_view text);

// What comes between `separator`s; at least one part.
std::vector<std::string> split(std::string_view text, std::string_view separator);

}  // namespace stoa::core::config
