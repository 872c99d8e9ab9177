// The storage's own tables, and what marks the file as ours.
#pragma once

#include <cstdint>
#include <span>

#include "storage/database.hpp"

namespace stoa::core::storage {

inline constexpr std::int64_t kApplicationId = 0x53746f61;  // "Stoa"
inline constexpr std::int64_t kFormat = 1;  // user_version; rises when older programs must not open it

// Under this name they stand in core_migration; the owner "core" keeps its own numbers.
inline constexpr const char* kStorageOwner = "storage";

extern const char* const kFoundation;  // core_migration and the marks
std::span<const Migration> storage_migrations();

}  // namespace stoa::core::storage
