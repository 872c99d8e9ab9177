#include "config/file_text.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace stoa::core::config {
namespace {

Error unreadable(int cause) {
  return Error{ErrorCode::not_found, "cannot be read: " + std::generic_category().message(cause)};
}

}  // namespace

Result<std::string> read_text(const std::filesystem::path& file) {
  constexpr std::size_t kMost = 1u << 20;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rbe"), &std::fclose);
  if (!stream) return unreadable(errno);
  std::string text(kMost + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stream.get()));
  if (std::ferror(stream.get())) return unreadable(errno);
  if (text.size() > kMost) return Error{ErrorCode::too_large, "cannot be read: it is larger than 1 MiB"};
  return text;
}

}  // namespace stoa::core::config
