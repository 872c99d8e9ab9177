// Names of plugins.
#pragma once

#include <string>
#include <string_view>

namespace stoa::core::config {

// [a-z][a-z0-9_]{1,31}
bool is_plugin_id(std::string_view text);
// What is wrong with this one, for a mistake.
std::string not_a_plugin_id(std::string_view text);

}  // namespace stoa::core::config
