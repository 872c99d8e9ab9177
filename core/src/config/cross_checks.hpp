// Rules a schema cannot say: addresses, URLs, plugin ids.
#pragma once

#include <vector>

#include "config/config.hpp"
#include "config/tree.hpp"

namespace stoa::core::config {

// Of the file's own keys. Values of a wrong type are left to check().
void cross_check(const Tree& tree, std::vector<Mistake>& mistakes);

}  // namespace stoa::core::config
