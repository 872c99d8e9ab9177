#include "harness/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace stoa::harness {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

void wait_for(int fd, short events) {
  pollfd entry{fd, events, 0};
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience).count();
  int ready = 0;
  do {
    ready = ::poll(&entry, 1, static_cast<int>(limit));
  } while (ready < 0 && errno == EINTR);
  if (ready < 0) fail("poll");
  if (ready == 0) throw std::runtime_error("the server did not answer in time");
}

}  // namespace

std::string Reply::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

std::vector<std::string> Reply::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) out.push_back(value);
  }
  return out;
}

std::string Reply::problem() const {
  constexpr std::string_view kPrefix = "/problems/";
  if (header("Content-Type").rfind("application/problem+json", 0) != 0) return {};
  const std::string type = json()["type"].text();
  return type.rfind(kPrefix, 0) == 0 ? type.substr(kPrefix.size()) : type;
}

std::vector<std::string> Reply::pointers() const {
  std::vector<std::string> out;
  const Json problem = json();
  if (!problem.has("errors")) return out;
  for (const Json& error : problem["errors"].items()) out.push_back(error["pointer"].text());
  return out;
}

std::ostream& operator<<(std::ostream& out, const Reply& reply) {
  return out << reply.status << ' ' << reply.body;
}

Connection::Connection(const std::string& host, int port) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    ::close(fd_);
    errno = error;
    fail("connect");
  }
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Connection::~Connection() {
  if (fd_ >= 0) ::close(fd_);
}

void Connection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    wait_for(fd_, POLLOUT);
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Connection::fill() {
  char buffer[16384];
  for (;;) {
    wait_for(fd_, POLLIN);
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got < 0) fail("recv");
    unread_.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }
}

std::string Connection::read(std::size_t count) {
  while (unread_.size() < count) {
    if (!fill()) throw std::runtime_error("the connection ended within an answer");
  }
  std::string out = unread_.substr(0, count);
  unread_.erase(0, count);
  return out;
}

std::string Connection::line() {
  for (;;) {
    const auto end = unread_.find("\r\n");
    if (end != std::string::npos) {
      std::string out = unread_.substr(0, end);
      unread_.erase(0, end + 2);
      return out;
    }
    if (!fill()) throw std::runtime_error("the connection ended before an answer; got \"" + unread_ + "\"");
  }
}

Reply Connection::read_reply(bool head) {
  Reply reply;
  do {
    reply = {};
    const std::string status = line();
    if (status.rfind("HTTP/1.1 ", 0) != 0 || status.size() < 12)
      throw std::runtime_error("no status line: " + status);
    reply.status = std::stoi(status.substr(9, 3));
    for (std::string field = line(); !field.empty(); field = line()) {
      const auto colon = field.find(':');
      if (colon == std::string::npos) throw std::runtime_error("no header field: " + field);
      std::string value = field.substr(colon + 1);
      value.erase(0, value.find_first_not_of(" \t"));
      reply.headers.emplace_back(field.substr(0, colon), value);
    }
  } while (reply.status >= 100 && reply.status < 200 && reply.status != 101);

  if (head || reply.status == 101 || reply.status == 204 || reply.status == 304) return reply;
  if (same_name(reply.header("Transfer-Encoding"), "chunked")) {
    for (;;) {
      const std::size_t size = std::stoul(line(), nullptr, 16);
      if (size == 0) break;
      reply.body += read(size);
      line();
    }
    while (!line().empty()) {
    }
  } else if (const std::string length = reply.header("Content-Length"); !length.empty()) {
    reply.body = read(std::stoul(length));
  } else {
    reply.body = read_to_end();
  }
  return reply;
}

std::string Connection::read_to_end() {
  while (fill()) {
  }
  return std::exchange(unread_, {});
}

void Connection::finish_writing() {
  ::shutdown(fd_, SHUT_WR);
}

void Connection::reset() {
  const linger none{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  ::close(std::exchange(fd_, -1));
}

bool Connection::ended() const {
  char byte = 0;
  if (!unread_.empty()) return false;
  const ssize_t got = ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

void Connection::set_receive_buffer(int bytes) {
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

}  // namespace stoa::harness
