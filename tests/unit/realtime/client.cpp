#include "client.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace stoa::core::realtime::testing {
namespace {

constexpr int kDeadline = 20'000;

void check(bool fine, const char* what) {
  if (!fine) throw std::runtime_error(what);
}

}  // namespace

std::string Message::text(const char* name) const {
  return has(name) && (*json)[name].IsString() ? (*json)[name].GetString() : "";
}

std::int64_t Message::number(const char* name) const {
  return has(name) && (*json)[name].IsInt64() ? (*json)[name].GetInt64() : -1;
}

std::vector<std::string> Message::channels() const {
  std::vector<std::string> out;
  for (const auto& channel : (*json)["channels"].GetArray()) out.emplace_back(channel.GetString());
  return out;
}

std::string Message::problem() const {
  return has("problem") ? (*json)["problem"]["type"].GetString() : "";
}

std::pair<int, int> make_sockets(int server_send_buffer, int client_receive_buffer) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (server_send_buffer) ::setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &server_send_buffer, sizeof(int));
  check(::bind(listener, raw, size) == 0 && ::listen(listener, 1) == 0, "listen");
  check(::getsockname(listener, raw, &size) == 0, "getsockname");
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (client_receive_buffer) ::setsockopt(client, SOL_SOCKET, SO_RCVBUF, &client_receive_buffer, sizeof(int));
  check(::connect(client, raw, size) == 0, "connect");
  const int server = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  check(server >= 0, "accept");
  ::close(listener);
  return {server, client};
}

std::string upgrade_request() {
  return "GET /api/v1/realtime HTTP/1.1\r\nHost: forum.example\r\nConnection: keep-alive, Upgrade\r\n"
         "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
         "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

std::string client_frame(unsigned opcode, std::string_view payload, bool fin, bool mask) {
  std::string out;
  out += static_cast<char>((fin ? 0x80U : 0U) | opcode);
  const unsigned masked = mask ? 0x80U : 0U;
  const std::size_t size = payload.size();
  const int bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  out += static_cast<char>(masked | (bytes == 0 ? size : bytes == 2 ? 126U : 127U));
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(size >> (8 * i));
  if (!mask) return out.append(payload);
  constexpr std::string_view kKey = "\x12\x34\x56\x78";
  out += kKey;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(payload[i] ^ kKey[i % 4]);
  return out;
}

Client::Client(Hub& hub, std::optional<Member> member, std::string leftover) {
  const auto [server, client] = make_sockets();
  fd_ = client;
  hub.accept(server, upgrade_request(), std::move(leftover), std::move(member));
  check(read_head().starts_with("HTTP/1.1 101 "), "not upgraded");
}

Client::Client(Client&& other) noexcept {
  *this = std::move(other);
}

Client& Client::operator=(Client&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(in_, other.in_);
  std::swap(messages_, other.messages_);
  std::swap(pongs_, other.pongs_);
  std::swap(close_code_, other.close_code_);
  std::swap(pings_, other.pings_);
  std::swap(frames_, other.frames_);
  std::swap(mute_, other.mute_);
  std::swap(ended_, other.ended_);
  return *this;
}

Client::~Client() {
  disconnect();
}

void Client::disconnect() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Client::send_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the peer has closed: reading will tell
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Client::fill(int timeout_ms) {
  pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
  if (::poll(&ready, 1, timeout_ms) <= 0) {
    if (timeout_ms > 0) throw std::runtime_error("nothing came");
    return true;
  }
  char buffer[65536];
  const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
  if (got <= 0) {
    ended_ = true;
    return false;
  }
  in_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

bool Client::take_frame() {
  const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(in_[i]); };
  if (in_.size() < 2) return false;
  const unsigned opcode = byte(0) & 15U;
  std::uint64_t size = byte(1) & 127U;
  const std::size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (in_.size() < 2 + extra) return false;
  if (extra) size = 0;
  for (std::size_t i = 0; i < extra; ++i) size = size << 8 | byte(2 + i);
  if (in_.size() < 2 + extra + size) return false;
  check((byte(0) & 0x70U) == 0 && (byte(0) & 0x80U) != 0 && (byte(1) & 0x80U) == 0, "a wrong frame");
  const std::string payload = in_.substr(2 + extra, size);
  in_.erase(0, 2 + extra + size);
  check(!close_code_, "a frame behind the close frame");
  if (opcode == 8) {
    close_code_ = payload.size() < 2
                      ? 1005
                      : static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
    send_bytes(client_frame(8, payload));
  } else if (opcode == 9) {
    ++pings_;
    if (!mute_) send_bytes(client_frame(10, payload));
  } else if (opcode == 10) {
    pongs_.push_back(payload);
  } else {
    check(opcode == 1, "not a text frame");
    ++frames_;
    auto whole = std::make_shared<rapidjson::Document>();
    whole->Parse(payload.data(), payload.size());
    check(!whole->HasParseError(), "not JSON");
    if (!whole->IsArray()) {
      messages_.push_back({whole});
      return true;
    }
    check(whole->Size() > 1, "an array that holds no more than one");
    for (const auto& element : whole->GetArray()) {
      auto single = std::make_shared<rapidjson::Document>();
      single->CopyFrom(element, single->GetAllocator());
      messages_.push_back({single});
    }
  }
  return true;
}

std::string Client::read_head() {
  for (;;) {
    const std::size_t end = in_.find("\r\n\r\n");
    if (end != std::string::npos) {
      std::string head = in_.substr(0, end + 4);
      in_.erase(0, end + 4);
      return head;
    }
    if (!fill(kDeadline)) return std::exchange(in_, {});
  }
}

Message Client::next() {
  while (messages_.empty()) {
    if (take_frame()) continue;
    check(!ended_ && !close_code_, "the connection is closed");
    fill(kDeadline);
  }
  Message message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

Message Client::next(std::string_view op) {
  for (;;) {
    Message message = next();
    if (message.op() == op) return message;
  }
}

bool Client::quiet() {
  send(R"({"id":987654,"op":"ping"})");
  const Message message = next();
  return message.op() == "ok" && message.number("id") == 987654;
}

std::optional<Message> Client::poll() {
  while (take_frame()) {
  }
  if (messages_.empty() && !ended_) fill(0);
  while (take_frame()) {
  }
  if (messages_.empty()) return std::nullopt;
  return next();
}

int Client::close_code() {
  while (!close_code_) {
    if (take_frame()) continue;
    if (ended_ || !fill(kDeadline)) break;
  }
  return close_code_.value_or(0);
}

std::string Client::read_all() {
  while (!ended_ && fill(kDeadline)) {
  }
  return in_;
}

}  // namespace stoa::core::realtime::testing
