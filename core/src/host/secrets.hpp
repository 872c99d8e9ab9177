// Settings that are written and never shown: what a plugin's schema calls writeOnly.
#pragma once

#include <string>
#include <string_view>

namespace stoa::core::host {

// All three are JSON; what is no object comes back as it is.
std::string without_secrets(std::string_view settings, std::string_view schema);
// `settings` with those secrets of `present` that it leaves out.
std::string with_secrets(std::string_view settings, std::string_view present, std::string_view schema);

}  // namespace stoa::core::host
