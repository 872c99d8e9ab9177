// Answers as the generators read them, and their connections.
#pragma once

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace stoa::bench {

// The length of the whole answer once it is all there. Throws without a Content-Length.
inline std::optional<std::size_t> answer_size(std::string_view input) {
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::size_t head = input.find("\r\n\r\n");
  if (head == std::string_view::npos) return std::nullopt;
  const std::size_t at = input.substr(0, head).find(kLength);
  if (at == std::string_view::npos) throw std::runtime_error("an answer without Content-Length");
  std::size_t length = 0;
  const char* const digits = input.data() + at + kLength.size();
  std::from_chars(digits, input.data() + head, length);
  const std::size_t size = head + 4 + length;
  return input.size() >= size ? std::optional(size) : std::nullopt;
}

// Of the JSON object it begins with. Throws when that does not end.
inline std::size_t object_size(std::string_view text) {
  std::size_t size = 0;
  int depth = 0;
  bool quoted = false;
  do {
    if (size >= text.size()) throw std::runtime_error("no JSON object");
    const char c = text[size++];
    if (quoted && c == '\\') {
      ++size;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    }
  } while (depth > 0);
  return size;
}

// A socket that is connected to that port of this machine. Throws.
inline int connect_to(std::uint16_t port) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) throw std::runtime_error("no descriptor is left");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return made;
}

// Everything; what is sent is far smaller than a socket's buffer. Throws.
inline void send_all(int socket, std::string_view rest) {
  while (!rest.empty()) {
    const ssize_t count = send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count <= 0) throw std::runtime_error("cannot send");
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace stoa::bench
