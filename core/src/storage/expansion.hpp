// Changes of a schema that a program which does not know them can live with.
#pragma once

#include <string_view>

#include "stoa/result.hpp"

namespace stoa::core::storage {

// Every statement of the script creates something, or adds a column that may be NULL or has a default. Error:
// validation, with the first one that does not.
Result<void> only_expands(std::string_view script);

}  // namespace stoa::core::storage
