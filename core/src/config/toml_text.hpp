// Values as they are written in TOML, for messages and for printing.
#pragma once

#include <string>
#include <string_view>

#include "stoa/rapidjson.hpp"

namespace stoa::core::config {

// "a \"word\"" with its quotes.
std::string toml_quoted(std::string_view text);
// [ "a", 1, true ], { key = 1 }.
std::string toml_text(const rapidjson::Value& value);
bool is_bare_key(std::string_view name);

}  // namespace stoa::core::config
