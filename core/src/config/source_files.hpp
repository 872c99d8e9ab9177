// The files values come from.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/tree.hpp"

namespace stoa::core::config {

inline constexpr const char* kLocalFile = "stoa.local.toml";

// Which file was named or found; relative ones as they were named. nullopt: none.
std::optional<std::filesystem::path> find_file(const Sources& sources);
// Empty when it cannot be read, which is a mistake.
Tree read_file(const Sources& sources, const std::filesystem::path& file, std::vector<Mistake>& mistakes);
// <data_dir>/stoa.local.toml; empty when there is none.
Tree read_local_file(const Sources& sources, const std::filesystem::path& data_dir,
                     std::vector<Mistake>& mistakes);

}  // namespace stoa::core::config
