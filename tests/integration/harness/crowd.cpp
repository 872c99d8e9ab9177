#include "harness/crowd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

#include "bench/http_answer.hpp"
#include "bench/websocket_frames.hpp"

namespace stoa::harness {

namespace {

constexpr std::uint32_t kMask = 0x5A17C3E9;
constexpr std::size_t kJoiningAtOnce = 256;
constexpr std::size_t kAddresses = 16;  // 127.0.0.2 and those behind it: each has ports of its own

[[noreturn]] void wrong(const std::string& what, std::string_view text = {}) {
  throw std::runtime_error(what + (text.empty() ? "" : ": ") + std::string(text.substr(0, 300)));
}

sockaddr_in address_of(std::uint32_t host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(host);
  return address;
}

}  // namespace

Crowd::Crowd(const Address& address, std::string channel)
    : address_(address), channel_(std::move(channel)), poll_(::epoll_create1(EPOLL_CLOEXEC)) {}

Crowd::~Crowd() {
  for (const auto& peer : peers_) {
    if (peer->fd >= 0) ::close(peer->fd);
  }
  ::close(poll_);
}

void Crowd::open(Peer& peer) {
  peer.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (peer.fd < 0) wrong("no descriptor is left for the crowd");
  const int on = 1;
  // connect chooses the port, so that one number serves for many connections.
  ::setsockopt(peer.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const auto own =
      address_of(INADDR_LOOPBACK + 1 + static_cast<std::uint32_t>(peers_.size() % kAddresses), 0);
  const auto server = address_of(INADDR_LOOPBACK, address_.port);
  if (::bind(peer.fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) wrong("cannot bind");
  if (::connect(peer.fd, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
    wrong("cannot connect");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &peer;
  if (::epoll_ctl(poll_, EPOLL_CTL_ADD, peer.fd, &event) != 0) wrong("epoll_ctl failed");
  bench::send_all(peer.fd,
                  "GET /api/v1/realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: "
                  "websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
                      std::string(bench::kKey) + "\r\n\r\n");
}

void Crowd::join(std::size_t count) {
  settled_ = 0;
  for (std::size_t i = 0; i < count; ++i) {
    while (settled_ + kJoiningAtOnce <= i) wait();
    peers_.push_back(std::make_unique<Peer>());
    peers_.back()->next = events_.size();
    open(*peers_.back());
    ++open_;
  }
  while (settled_ < count) wait();
}

bool Crowd::is_behind(std::size_t count) const {
  return std::ranges::any_of(
      peers_, [count](const auto& peer) { return peer->state != Peer::State::closed && peer->next < count; });
}

void Crowd::await_events(std::size_t count) {
  while (is_behind(count)) wait();
}

void Crowd::expect_silence() {
  const std::size_t before = events_.size();
  settled_ = 0;
  for (const auto& peer : peers_) {
    if (peer->state != Peer::State::listening) continue;
    peer->state = Peer::State::asking;
    bench::send_all(peer->fd, bench::client_frame(bench::kText, R"({"id":2,"op":"ping"})", kMask));
  }
  while (settled_ < open_) wait();
  if (events_.size() != before) wrong("an event that was not expected", events_.back());
}

std::vector<Crowd::Peer*> Crowd::oldest(std::size_t count) {
  std::vector<Peer*> found;
  for (const auto& peer : peers_) {
    if (found.size() < count && peer->state == Peer::State::listening) found.push_back(peer.get());
  }
  if (found.size() < count) wrong("so many are not open");
  return found;
}

void Crowd::close(std::size_t count) {
  settled_ = 0;
  for (Peer* peer : oldest(count)) {
    peer->state = Peer::State::closing;
    bench::send_all(peer->fd, bench::client_frame(bench::kClose, "\x03\xE8", kMask));
  }
  while (settled_ < count) wait();
}

void Crowd::reset(std::size_t count) {
  for (Peer* peer : oldest(count)) {
    const linger at_once{1, 0};
    ::setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    leave(*peer);
  }
}

void Crowd::leave(Peer& peer) {
  ::close(peer.fd);
  peer.fd = -1;
  peer.state = Peer::State::closed;
  --open_;
}

void Crowd::wait() {
  std::array<epoll_event, 512> ready;
  const auto patience = std::chrono::milliseconds(kPatience).count();
  const int count = ::epoll_wait(poll_, ready.data(), ready.size(), static_cast<int>(patience));
  if (count <= 0) wrong("nothing came for too long");
  for (int i = 0; i < count; ++i) receive(*static_cast<Peer*>(ready[static_cast<std::size_t>(i)].data.ptr));
}

void Crowd::receive(Peer& peer) {
  std::array<char, 16 * 1024> bytes;
  const ssize_t count = ::recv(peer.fd, bytes.data(), bytes.size(), 0);
  if (count == 0 && peer.state == Peer::State::ending) {
    ++settled_;
    return leave(peer);
  }
  if (count <= 0) wrong("the server cut a connection");
  peer.unread.append(bytes.data(), static_cast<std::size_t>(count));
  std::size_t used = 0;
  while (used < peer.unread.size()) {
    const std::size_t size = take(peer, std::string_view(peer.unread).substr(used));
    if (size == 0) break;
    used += size;
  }
  peer.unread = peer.unread.substr(used);
}

std::size_t Crowd::take(Peer& peer, std::string_view input) {
  if (peer.state == Peer::State::handshake) return take_handshake(peer, input);
  const auto frame = bench::first_frame(input);
  if (!frame) return 0;
  const std::string_view payload = input.substr(frame->payload_at(), frame->size);
  if (frame->masked) wrong("a server's frame is masked");
  if (frame->opcode == bench::kPing) {
    bench::send_all(peer.fd, bench::client_frame(bench::kPong, payload, kMask));
  } else if (frame->opcode == bench::kClose && peer.state == Peer::State::closing) {
    peer.state = Peer::State::ending;
  } else if (frame->opcode != bench::kText) {
    wrong("a frame of kind " + std::to_string(frame->opcode), payload);
  } else {
    take_text(peer, payload);
  }
  return frame->whole();
}

std::size_t Crowd::take_handshake(Peer& peer, std::string_view input) {
  const std::size_t end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  if (!input.starts_with("HTTP/1.1 101 ") || input.substr(0, end).find(bench::kAccept) == input.npos) {
    wrong("no WebSocket", input);
  }
  peer.state = Peer::State::welcome;
  return end + 4;
}

void Crowd::take_text(Peer& peer, std::string_view text) {
  switch (peer.state) {
    case Peer::State::welcome:
      if (!text.starts_with(R"({"op":"welcome",)")) wrong("no welcome", text);
      peer.state = Peer::State::subscribing;
      bench::send_all(
          peer.fd, bench::client_frame(
                       bench::kText, R"({"id":1,"op":"subscribe","channels":[")" + channel_ + "\"]}", kMask));
      return;
    case Peer::State::subscribing:
      if (!text.starts_with(R"({"op":"ok","id":1,)")) wrong("not subscribed", text);
      peer.state = Peer::State::listening;
      ++settled_;
      return;
    case Peer::State::asking:
      if (!text.starts_with(R"({"op":"ok","id":2)")) break;
      peer.state = Peer::State::listening;
      ++settled_;
      return;
    case Peer::State::listening: break;
    case Peer::State::handshake:
    case Peer::State::closing:
    case Peer::State::ending:
    case Peer::State::closed: wrong("a message that nobody waits for", text);
  }
  if (!text.starts_with('[')) {
    if (take_event(peer, text, 0) != text.size()) wrong("more than an event", text);
    return;
  }
  std::size_t at = 0;
  do {
    at = take_event(peer, text, at + 1);
  } while (at < text.size() && text[at] == ',');
  if (at + 1 != text.size() || text[at] != ']') wrong("an array that does not end", text.substr(at));
}

// The first who gets it tells what it is.
std::size_t Crowd::take_event(Peer& peer, std::string_view text, std::size_t at) {
  const std::string_view event = text.substr(at, bench::object_size(text.substr(at)));
  if (!event.starts_with(R"({"op":"event",)")) wrong("no event", event);
  if (peer.next == events_.size()) events_.emplace_back(event);
  if (event != events_[peer.next]) wrong("another event, or other bytes, than others got", event);
  ++peer.next;
  return at + event.size();
}

}  // namespace stoa::harness
