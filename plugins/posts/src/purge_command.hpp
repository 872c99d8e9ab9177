// stoa posts purge: the last end of what was deleted.
#pragma once

#include <string>
#include <string_view>

#include "purge_service.hpp"

namespace stoa::posts {

inline constexpr std::string_view kPurgeDays = "days";

// [worker] `arguments`: {"days":"30"}, or none for 30.
Result<std::string> run_purge(const PurgeService& service, std::string_view arguments, std::int64_t now);

}  // namespace stoa::posts
