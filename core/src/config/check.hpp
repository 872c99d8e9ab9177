// Values against a schema.
#pragma once

#include <vector>

#include "config/config.hpp"
#include "config/schema.hpp"
#include "config/tree.hpp"

namespace stoa::core::config {

// Checks what stands at `base` of the tree (nothing: an empty table). Mistakes name whole keys, base
// included.
void check(const Schema& schema, const Tree& tree, const KeyPath& base, std::vector<Mistake>& mistakes);

}  // namespace stoa::core::config
