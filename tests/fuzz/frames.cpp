// One WebSocket, its peer the input: how the bytes are cut must not matter, and what comes back is
// well-formed frames that hold what was sent, in order. Input: a line of piece sizes; a line that begins with
// "raw" or not; then the peer's bytes, or a script of frames.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <string>
#include <vector>

#include "input.hpp"
#include "realtime/link.hpp"

namespace {

using namespace stoa::core::realtime;
using stoa::fuzz::expect;
using stoa::fuzz::Input;
using stoa::fuzz::Pieces;

constexpr std::string_view kRequest =
    "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
    "13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
constexpr std::array<char, 4> kMask{1, 2, 3, 4};

void add_frame(std::string& wire, unsigned char first, std::string_view payload) {
  wire += static_cast<char>(first);
  if (payload.size() < 126) {
    wire += static_cast<char>(0x80 | payload.size());
  } else {
    wire += static_cast<char>(0x80 | 126);
    wire += static_cast<char>(payload.size() >> 8);
    wire += static_cast<char>(payload.size());
  }
  wire.append(kMask.data(), kMask.size());
  for (std::size_t i = 0; i < payload.size(); ++i)
    wire += static_cast<char>(payload[i] ^ kMask[i % kMask.size()]);
}

// Two bytes a frame, kind and size, then its payload.
std::string scripted(Input input) {
  constexpr std::array<unsigned char, 8> kKinds{0x1, 0x2, 0x0, 0x9, 0xA, 0x8, 0x1, 0x1};
  std::string wire;
  while (!input.empty() && wire.size() < 100'000) {
    const std::uint8_t kind = input.byte();
    std::size_t size = input.byte();
    if (kind & 16U) size *= 64;
    std::string payload;
    while (payload.size() < size && !input.empty()) payload += static_cast<char>(input.byte());
    payload.resize(size, 'x');
    const bool final = (kind & 8U) == 0;
    add_frame(wire, static_cast<unsigned char>((final ? 0x80 : 0) | kKinds[kind & 7U]), payload);
  }
  return wire;
}

class Peer final : public Link::Listener {
 public:
  // `greedy`: reads only once all is written, from a socket that takes little.
  Peer(bool greedy, std::size_t limit) : greedy_(greedy) {
    std::array<int, 2> ends{};
    expect(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0,
           "there are sockets");
    mine_ = Descriptor(ends[0]);
    const int small = 4096;
    if (greedy) ::setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    auto link = make_link(io(), Descriptor(ends[1]), limit);
    link_ = link;
    link->open(*this, kRequest, {});
    poll();
    expect(open_, "the handshake succeeds");
  }

  void write(std::string_view bytes) {
    // The other side reads whatever comes, or has closed.
    const ssize_t taken = ::send(mine_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    expect(taken < 0 || taken == static_cast<ssize_t>(bytes.size()), "a piece fits into the socket");
    poll();
    if (!greedy_) read();
  }

  void finish() {
    while (read()) poll();
    // Whoever ends the connection has read all: what still waits then is dropped.
    ::shutdown(mine_.get(), SHUT_WR);
    poll();
    while (read()) poll();
    expect(over_, "the output ends when the input has ended");
    mine_ = Descriptor();
    poll();
    expect(link_.expired(), "nothing is left of a connection that is over");
  }

  void on_open() override { open_ = true; }
  void on_message(std::string_view payload, bool text) override {
    expect(!ended, "nothing comes behind the end");
    received.push_back((text ? "t" : "b") + std::string(payload));
    const auto message = std::make_shared<const std::string>(payload);
    if (received.size() % 2 == 0) {
      expected.push_back("[" + *message + "," + *message + "]");
      link_.lock()->send(std::array{message, message});
    } else {
      expected.emplace_back(payload);
      link_.lock()->send(std::array{message});
    }
  }
  void on_control() override { received.emplace_back("c"); }
  void on_oversized() override {
    ended = true;
    link_.lock()->close(4413);
  }
  void on_drained() override {}
  void on_closed() override { ended = true; }

  std::vector<std::string> received;
  std::deque<std::string> expected;
  std::string output;
  bool ended = false;

 private:
  static boost::asio::io_context& io() {
    static boost::asio::io_context io(1);
    return io;
  }
  static void poll() {
    do io().restart();
    while (io().poll() > 0);
  }
  // False: nothing more comes, now or ever.
  bool read() {
    std::array<char, 16384> bytes;
    bool some = false;
    for (;;) {
      const ssize_t got = ::recv(mine_.get(), bytes.data(), bytes.size(), 0);
      over_ = over_ || got == 0;
      if (got <= 0) return some && !over_;
      some = true;
      output.append(bytes.data(), static_cast<std::size_t>(got));
    }
  }

  Descriptor mine_;
  std::weak_ptr<Link> link_;
  bool greedy_;
  bool open_ = false;
  bool over_ = false;
};

void check_output(std::string_view out, std::deque<std::string> expected) {
  expect(out.substr(0, 12) == "HTTP/1.1 101", "the handshake is answered");
  out.remove_prefix(out.find("\r\n\r\n") + 4);
  bool closed = false;
  while (!out.empty()) {
    expect(!closed, "nothing comes behind the close frame");
    expect(out.size() >= 2, "a frame is whole");
    const auto first = static_cast<unsigned char>(out[0]);
    std::size_t size = static_cast<unsigned char>(out[1]);
    expect((first & 0xF0U) == 0x80U && size < 128, "a frame is final, plain and unmasked");
    const unsigned opcode = first & 0xFU;
    out.remove_prefix(2);
    if (size >= 126) {
      const std::size_t bytes = size == 126 ? 2 : 8;
      const std::size_t least = size == 126 ? 126 : 65536;
      expect(out.size() >= bytes, "a frame is whole");
      size = 0;
      for (std::size_t i = 0; i < bytes; ++i) size = size << 8 | static_cast<unsigned char>(out[i]);
      expect(size >= least, "a length is written in the fewest bytes");
      out.remove_prefix(bytes);
    }
    expect(size <= out.size(), "a frame is whole");
    const auto payload = out.substr(0, size);
    out.remove_prefix(size);
    if (opcode == 0x1) {
      expect(!expected.empty() && expected.front() == payload, "messages come as they were sent, in order");
      expected.pop_front();
      continue;
    }
    expect((opcode == 0x8 || opcode == 0xA) && size <= 125, "what else comes is a pong or the close frame");
    closed = opcode == 0x8;
  }
  expect(expected.empty() || closed, "everything that was sent comes");
}

std::vector<std::string> received(std::string_view wire, std::string_view sizes, bool greedy,
                                  std::size_t limit, bool& ended) {
  Peer peer(greedy, limit);
  Pieces pieces(sizes);
  constexpr std::size_t kAtOnce = 32 * 1024;
  for (std::size_t at = 0; at < wire.size();) {
    const std::size_t size = std::min(pieces.next(wire.size() - at), kAtOnce);
    peer.write(wire.substr(at, size));
    at += size;
  }
  ended = peer.ended;
  peer.finish();
  check_output(peer.output, peer.expected);
  return peer.received;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const auto sizes = input.line();
  const bool raw = input.line().substr(0, 3) == "raw";
  const std::string wire = raw ? std::string(input.rest()) : scripted(input);
  const unsigned options = sizes.empty() ? 0 : static_cast<unsigned char>(sizes.front());
  const std::size_t limit = options % 2 == 0 ? 65536 : 200;
  bool ended_whole = false;
  bool ended_in_pieces = false;
  const auto whole = received(wire, {}, false, limit, ended_whole);
  const auto in_pieces = received(wire, sizes, (options & 2U) != 0, limit, ended_in_pieces);
  expect(whole == in_pieces && ended_whole == ended_in_pieces, "it does not matter how the bytes are cut");
  return 0;
}
