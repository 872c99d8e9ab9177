// The texts of the environment and of the command line.
#pragma once

#include <vector>

#include "config/config.hpp"
#include "config/text_value.hpp"

namespace stoa::core::config {

// STOA__HTTP__PORT, and STOA__…__FILE for what is kept in a file.
std::vector<TextValue> from_environment(const Sources& sources, std::vector<Mistake>& mistakes);
std::vector<TextValue> from_options(const Sources& sources, std::vector<Mistake>& mistakes);

}  // namespace stoa::core::config
