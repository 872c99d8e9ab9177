// The checked values as the core uses them.
#pragma once

#include <filesystem>

#include "config/config.hpp"
#include "config/tree.hpp"

namespace stoa::core::config {

// Requires a complete tree without mistakes. Relative paths start at `directory`.
Settings settings_of(const Tree& tree, const std::filesystem::path& directory);

// Absolute and without dots; an empty path stays empty.
std::filesystem::path absolute_path(const std::filesystem::path& directory,
                                    const std::filesystem::path& path);

}  // namespace stoa::core::config
