#include "validate/process.hpp"

#include <malloc.h>

#include <iterator>
#include <system_error>

// There when a sanitizer has replaced the allocator.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

namespace stoa::core::validate {

namespace fs = std::filesystem;

std::size_t thread_count() {
  std::error_code code;
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/task", code), {}));
}

std::set<std::string> descriptors(const fs::path& own) {
  std::set<std::string> out;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd", code)) {
    const std::string target = fs::read_symlink(entry.path(), code).string();
    // That of this listing is gone by now.
    if (code || target.rfind(own.string(), 0) == 0 || target.find("/proc/") == 0) continue;
    out.insert(entry.path().filename().string() + " -> " + target);
  }
  return out;
}

std::size_t allocated() {
  if (__sanitizer_get_current_allocated_bytes) return __sanitizer_get_current_allocated_bytes();
  return ::mallinfo2().uordblks;
}

}  // namespace stoa::core::validate
