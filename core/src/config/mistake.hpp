// Putting mistakes in the order of the places they are in.
#pragma once

#include <vector>

#include "config/config.hpp"

namespace stoa::core::config {

// By place, line 9 before line 10; those of the same place stay as they are.
void sort_by_place(std::vector<Mistake>& mistakes);

}  // namespace stoa::core::config
