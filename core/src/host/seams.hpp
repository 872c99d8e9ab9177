// What a test puts in the place of the machine around the host. Empty members are the real thing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "realtime/hub.hpp"
#include "storage/database.hpp"

namespace stoa::core::host {

struct Seams {
  std::filesystem::path frontend;                            // holds index.html
  std::function<std::int64_t()> wall_ms;                     // [any-thread] milliseconds since 1970
  std::function<std::int64_t()> monotonic_ms;                // [any-thread]
  std::function<void(void* out, std::size_t count)> random;  // [any-thread]
  std::function<bool(std::string_view service)> withheld;    // [any-thread] nobody gets that service
  // Stands between the host and its database.
  std::function<std::unique_ptr<storage::Database>(std::unique_ptr<storage::Database>)> database;
  std::function<std::unique_ptr<realtime::Hub>(realtime::Backend&)> hub;
};

}  // namespace stoa::core::host
