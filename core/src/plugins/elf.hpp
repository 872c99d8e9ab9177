// A plugin's file judged before any of its code runs: its ELF note and its embedded manifest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "plugins/manifest.hpp"
#include "stoa/result.hpp"

namespace stoa::core::plugins {

struct Binary {
  std::filesystem::path path;
  Manifest manifest;
  std::string compiler;
  std::uint32_t sdk_built = 0;
  std::uint32_t sdk_minimum = 0;
  std::string hash;  // of the whole file, 16 hexadecimal digits
};

// Reads the file without loading it. Error: validation, in words for the operator: not an ELF file,
// truncated, another machine, no note, another ABI, a manifest that contradicts the note.
Result<Binary> inspect(const std::filesystem::path& path);

}  // namespace stoa::core::plugins
