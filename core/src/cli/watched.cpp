#include "cli/watched.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <system_error>

namespace stoa::core::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kInteresting =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR;

// Editors save through files of their own.
bool is_source(const std::string& name) {
  return !name.empty() && name[0] != '.' && name[0] != '#' && name.back() != '~' && name != "4913";
}

}  // namespace

Watched::Watched(fs::path directory) : root_(std::move(directory)) {
  descriptor_ = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor_ >= 0) add(root_);
}

Watched::~Watched() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Watched::add(const fs::path& directory) {
  const int watch = ::inotify_add_watch(descriptor_, directory.c_str(), kInteresting);
  if (watch < 0) return;
  directories_[watch] = directory;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(directory, code)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory(code) && is_source(name) && entry.path() != root_ / "build") add(entry.path());
  }
}

bool Watched::take() {
  alignas(inotify_event) char buffer[16 * 1024];
  bool changed = false;
  for (;;) {
    const ssize_t count = ::read(descriptor_, buffer, sizeof buffer);
    if (count <= 0) return changed;
    for (ssize_t at = 0; at < count;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      at += static_cast<ssize_t>(sizeof *event + event->len);
      if (event->mask & IN_Q_OVERFLOW) changed = true;
      const auto directory = directories_.find(event->wd);
      const std::string name = event->len ? event->name : "";
      if (directory == directories_.end() || !is_source(name)) continue;
      const fs::path path = directory->second / name;
      if (path == root_ / "build") continue;
      if (event->mask & IN_ISDIR) {
        if (event->mask & (IN_CREATE | IN_MOVED_TO)) add(path);
        changed = true;
      } else if (!(event->mask & IN_CREATE)) {  // it is written next
        changed = true;
      }
    }
  }
}

}  // namespace stoa::core::cli
