// A whole small file.
#pragma once

#include <filesystem>
#include <string>

#include "stoa/result.hpp"

namespace stoa::core::config {

// At most 1 MiB. Error: a message that follows the file's name: "cannot be read: Permission denied".
Result<std::string> read_text(const std::filesystem::path& file);

}  // namespace stoa::core::config
