#include "host/control_socket.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "stoa/json.hpp"

namespace stoa::core::host {

namespace {

constexpr std::size_t kMaxLine = 1 << 20;
constexpr int kRequestTimeoutMs = 5'000;
constexpr int kAnswerTimeoutMs = 60'000;

bool address_of(const std::filesystem::path& path, sockaddr_un& address) {
  std::memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, text.data(), text.size());
  return true;
}

// One line without its end; nullopt on a time-out, a closed or a too long one.
std::optional<std::string> read_line(int fd, int timeout_ms) {
  std::string line;
  char buffer[4096];
  for (;;) {
    pollfd ready{fd, POLLIN, 0};
    if (poll(&ready, 1, timeout_ms) <= 0) return std::nullopt;
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count <= 0) return std::nullopt;
    line.append(buffer, static_cast<std::size_t>(count));
    if (const auto end = line.find('\n'); end != std::string::npos) return line.substr(0, end);
    if (line.size() > kMaxLine) return std::nullopt;
  }
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Result<void> ControlSocket::start(const std::filesystem::path& path, Run run) {
  const auto failed = [&](std::string_view what) {
    return Error{ErrorCode::unavailable,
                 path.string() + ": " + std::string(what) + ": " + std::strerror(errno)};
  };
  sockaddr_un address{};
  if (!address_of(path, address))
    return Error{ErrorCode::unavailable, path.string() + ": the path is too long for a socket"};
  path_ = path;
  run_ = std::move(run);
  unlink(path.c_str());
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener_ < 0) return failed("socket");
  const mode_t old = umask(0177);
  const int bound = bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  umask(old);
  if (bound < 0 || listen(listener_, 8) < 0) return failed("cannot listen");
  wake_ = eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { serve(); });
  return {};
}

void ControlSocket::stop() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    (void)!write(wake_, &one, sizeof one);
    thread_.join();
    unlink(path_.c_str());
  }
  for (int* fd : {&listener_, &wake_}) {
    if (*fd >= 0) close(std::exchange(*fd, -1));
  }
}

void ControlSocket::serve() {
  for (;;) {
    pollfd ready[2] = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (poll(ready, 2, -1) < 0 && errno != EINTR) return;
    if (ready[1].revents) return;
    if (!ready[0].revents) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    CommandResult result{70, {}, "stoa: the request could not be read\n"};
    if (const auto line = read_line(client, kRequestTimeoutMs)) {
      const auto document = parse_json(*line);
      if (document && document->IsObject() && document->HasMember("words") &&
          (*document)["words"].IsArray()) {
        std::vector<std::string> words;
        for (const auto& word : (*document)["words"].GetArray()) {
          if (word.IsString()) words.emplace_back(word.GetString(), word.GetStringLength());
        }
        result = run_(words);
      }
    }
    Json json;
    json.begin_object()
        .field("status", result.status)
        .field("out", result.out)
        .field("err", result.err)
        .end_object();
    write_all(client, json.take() + "\n");
    close(client);
  }
}

std::optional<CommandResult> ControlSocket::ask(const std::filesystem::path& path,
                                                const std::vector<std::string>& words) {
  sockaddr_un address{};
  if (!address_of(path, address)) return std::nullopt;
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::nullopt;
  std::optional<CommandResult> result;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    Json json;
    json.begin_object().key("words").begin_array();
    for (const std::string& word : words) json.value(word);
    json.end_array().end_object();
    result = CommandResult{70, {}, "stoa: the server did not answer\n"};
    if (write_all(fd, json.take() + "\n")) {
      if (const auto line = read_line(fd, kAnswerTimeoutMs)) {
        const auto document = parse_json(*line);
        if (document && document->IsObject() && document->HasMember("status")) {
          result = CommandResult{(*document)["status"].GetInt(), (*document)["out"].GetString(),
                                 (*document)["err"].GetString()};
        }
      }
    }
  }
  close(fd);
  return result;
}

}  // namespace stoa::core::host
