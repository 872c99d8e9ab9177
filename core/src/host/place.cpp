// Where the forum lives: beside its program, in its data directory, at its address.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "host/host.hpp"
#include "stoa/json.hpp"

namespace stoa::core::host {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kLockPatience{1'000};

std::string json_text(std::string_view text) {
  Json json;
  json.value(text);
  return json.take();
}

}  // namespace

Layout Layout::of_this_program() {
  std::error_code code;
  const fs::path prefix = fs::read_symlink("/proc/self/exe", code).parent_path().parent_path();
  return {prefix, prefix / "lib/stoa/plugins", prefix / "share/stoa/frontend", prefix / "share/stoa/sdk"};
}

std::string Host::base_url() const {
  if (!settings_.http.public_url.empty()) return settings_.http.public_url;
  if (port_ == 0) return {};
  const bool local =
      settings_.http.host == "127.0.0.1" || settings_.http.host == "0.0.0.0" || settings_.http.host == "::";
  const std::string host = local ? "localhost"
                           : settings_.http.host.find(':') != std::string::npos
                               ? "[" + settings_.http.host + "]"
                               : settings_.http.host;
  return "http://" + host + ":" + std::to_string(port_.load());
}

Result<std::string> Host::host_value(std::string_view key) const {
  if (key == "forum.name") return json_text(settings_.forum.name);
  if (key == "forum.private") return std::string(settings_.forum.is_private ? "true" : "false");
  if (key == "http.public_url") return json_text(base_url());
  if (key == "limits.enabled") return std::string(settings_.limits.enabled ? "true" : "false");
  if (key == "data_dir") return json_text(settings_.data_dir.string());
  return Error{ErrorCode::not_found, "there is no host value \"" + std::string(key) + "\""};
}

std::optional<Failure> Host::lock_data_dir() {
  std::error_code code;
  fs::create_directories(settings_.data_dir, code);
  if (code) return Failure{Exit::storage, "data_dir " + settings_.data_dir.string() + ": " + code.message()};
  ::chmod(settings_.data_dir.c_str(), 0700);
  const fs::path path = settings_.data_dir / "stoa.lock";
  lock_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (lock_ < 0) return Failure{Exit::storage, path.string() + ": " + std::strerror(errno)};
  // One that was killed just now may still be letting go.
  const auto until = std::chrono::steady_clock::now() + kLockPatience;
  while (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      continue;
    }
    return Failure{Exit::storage,
                   "data_dir " + settings_.data_dir.string() + " is in use by another running Stoa"};
  }
  return std::nullopt;
}

}  // namespace stoa::core::host
