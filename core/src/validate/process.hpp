// What this process has open, as the kernel counts it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>

namespace stoa::core::validate {

std::size_t thread_count();
// "5 -> socket:[12]" of every descriptor but those of files below `own`.
std::set<std::string> descriptors(const std::filesystem::path& own);
// Bytes the allocator has given out; 0: not known.
std::size_t allocated();

}  // namespace stoa::core::validate
