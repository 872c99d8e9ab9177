// A configuration as lines of TOML.
#pragma once

#include <string>

#include "config/schema.hpp"
#include "config/tree.hpp"

namespace stoa::core::config {

// One line for each value at or below `base`, in the schema's order. `show`: false hides every value.
std::string printed(const Tree& tree, const Schema& schema, const KeyPath& base, bool with_origin, bool show);

}  // namespace stoa::core::config
