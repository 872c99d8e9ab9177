#include "realtime/link.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cerrno>

#include "realtime/gate.hpp"

namespace stoa::core::realtime {
namespace {

namespace ws = beast::websocket;
namespace http = beast::http;

constexpr std::size_t kHeadLimit = 64 * 1024;
constexpr std::size_t kControlLimit = 64 * 1024;  // pongs for a peer that reads nothing
constexpr std::size_t kFirstRead = 256;
constexpr std::size_t kNextRead = 8 * 1024;
constexpr unsigned char kFinal = 0x80;
constexpr unsigned char kTextFrame = 0x1;
constexpr unsigned char kCloseFrame = 0x8;
constexpr unsigned char kPingFrame = 0x9;

iovec part(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

// The header of an unmasked final frame.
std::string_view write_header(std::array<char, 10>& out, unsigned char opcode, std::uint64_t size) {
  out[0] = static_cast<char>(kFinal | opcode);
  if (size < 126) {
    out[1] = static_cast<char>(size);
    return {out.data(), 2};
  }
  const int bytes = size < 65536 ? 2 : 8;
  out[1] = static_cast<char>(bytes == 2 ? 126 : 127);
  for (int i = 0; i < bytes; ++i) out[2 + i] = static_cast<char>(size >> (8 * (bytes - 1 - i)));
  return {out.data(), static_cast<std::size_t>(2 + bytes)};
}

class WebSocketLink final : public Link,
                            public Gate::Owner,
                            public std::enable_shared_from_this<WebSocketLink> {
 public:
  WebSocketLink(net::io_context& io, std::size_t frame_limit)
      : stream_(io, *this), frame_limit_(frame_limit) {}

  bool adopt(Descriptor& socket) {
    beast::error_code failed;
    tcp().assign(net::ip::tcp::v4(), socket.get(), failed);
    if (failed) return false;
    socket.release();
    tcp().set_option(net::ip::tcp::no_delay(true), failed);  // not on a local socket
    return true;
  }

  void open(Listener& listener, std::string_view request, std::string leftover) override {
    listener_ = &listener;
    gate().preload(std::move(leftover));
    stream_.set_option(ws::stream_base::timeout{ws::stream_base::none(), ws::stream_base::none(), false});
    stream_.read_message_max(0);  // ours closes with another code
    stream_.control_callback([this](ws::frame_type kind, beast::string_view) {
      if (listener_ && kind != ws::frame_type::close) listener_->on_control();
    });
    http::request_parser<http::empty_body> parser;
    parser.header_limit(kHeadLimit);
    beast::error_code failed;
    parser.put(net::buffer(request.data(), request.size()), failed);
    if (failed || !parser.is_header_done()) {
      static constexpr std::string_view kRefusal =
          "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
      const iovec refusal = part(kRefusal);
      gate().put({&refusal, 1});
      return net::post(gate().get_executor(), [self = shared_from_this()] { self->end(); });
    }
    stream_.async_accept(parser.get(), [self = shared_from_this()](beast::error_code refused) {
      if (refused) return self->end();
      self->accepted_ = true;
      if (self->state_ == State::open) self->listener_->on_open();
      self->read_on();
    });
  }

  bool congested() const override { return gate().congested(); }

  void send(std::span<const Text> messages) override {
    if (messages.size() == 1) return put(kTextFrame, std::array{part(*messages.front())});
    std::vector<iovec> parts{part("[")};
    parts.reserve(1 + 2 * messages.size());
    for (const Text& message : messages) {
      parts.push_back(part(*message));
      parts.push_back(part(","));
    }
    parts.back() = part("]");
    put(kTextFrame, parts);
  }

  void ping() override { put(kPingFrame, {}); }

  void pause() override { paused_ = true; }

  void resume() override {
    paused_ = false;
    if (!taking_in_) read_on();
  }

  void close(std::uint16_t code) override {
    listener_ = nullptr;
    if (state_ != State::open) return;
    state_ = State::closing;
    const std::array<char, 2> payload{static_cast<char>(code >> 8), static_cast<char>(code)};
    put(kCloseFrame, std::array{part({payload.data(), payload.size()})});
    gate().seal();
    paused_ = false;
    if (!taking_in_) read_on();
  }

  void abort() override {
    listener_ = nullptr;
    state_ = State::ended;
    beast_close_socket(gate());
  }

  std::shared_ptr<Gate::Owner> hold() override { return shared_from_this(); }

  void on_gate_empty() override {
    if (state_ == State::draining) shut_down();
    if (listener_ && state_ == State::open) listener_->on_drained();
  }

 private:
  enum class State : std::uint8_t {
    open,
    closing,   // our close frame is sent; Beast waits for the peer's
    draining,  // the WebSocket is over; what still comes is thrown away, lest it resets what we sent
    ended,
  };

  Gate& gate() { return stream_.next_layer(); }
  const Gate& gate() const { return stream_.next_layer(); }
  Gate::Socket& tcp() { return gate().socket(); }

  void put(unsigned char opcode, std::span<const iovec> payload) {
    std::uint64_t size = 0;
    for (const iovec& piece : payload) size += piece.iov_len;
    std::array<char, 10> header;
    std::vector<iovec> parts{part(write_header(header, opcode, size))};
    parts.insert(parts.end(), payload.begin(), payload.end());
    gate().put(parts);
  }

  void read_on() {
    if (!accepted_ || reading_ || paused_ || (state_ != State::open && state_ != State::closing)) return;
    reading_ = true;
    const std::size_t limit = buffer_.size() == 0 ? kFirstRead : kNextRead;
    stream_.async_read_some(buffer_, limit, [self = shared_from_this()](beast::error_code over, std::size_t) {
      self->reading_ = false;
      if (over) return self->end();
      self->take_in();
      self->read_on();
    });
  }

  void take_in() {
    if (state_ != State::open) return buffer_.clear();
    const bool oversized = buffer_.size() > frame_limit_;
    if (!oversized && !stream_.is_message_done()) return;
    const auto data = buffer_.data();
    taking_in_ = true;
    if (oversized) {
      listener_->on_oversized();
    } else {
      listener_->on_message({static_cast<const char*>(data.data()), data.size()}, stream_.got_text());
    }
    taking_in_ = false;
    buffer_.clear();
    if (buffer_.capacity() > kFirstRead) buffer_.shrink_to_fit();
  }

  // Beast is done with the stream: it failed, or the peer has closed.
  void end() {
    if (state_ == State::draining || state_ == State::ended) return;
    gate().seal();
    if (Listener* listener = std::exchange(listener_, nullptr)) listener->on_closed();
    drain();
    if (!gate().congested()) shut_down();
  }

  void shut_down() {
    beast::error_code ignored;
    tcp().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
  }

  void drain() {
    state_ = State::draining;
    tcp().async_wait(net::ip::tcp::socket::wait_read, [self = shared_from_this()](beast::error_code failed) {
      if (self->state_ != State::draining) return;
      std::array<char, 16 * 1024> sink;
      const ssize_t got =
          failed ? 0 : ::recv(self->tcp().native_handle(), sink.data(), sink.size(), MSG_DONTWAIT);
      if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) return self->drain();
      self->abort();
    });
  }

  ws::stream<Gate, false> stream_;
  beast::flat_buffer buffer_;
  const std::size_t frame_limit_;
  Listener* listener_ = nullptr;
  State state_ = State::open;
  bool accepted_ = false;
  bool reading_ = false;
  bool paused_ = false;
  bool taking_in_ = false;
};

}  // namespace

void Gate::put(std::span<const iovec> parts) {
  if (sealed_ || broken_) return;
  std::size_t sent = 0;
  if (waiting_.empty()) {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts.data());
    message.msg_iovlen = parts.size();
    const ssize_t taken = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (taken < 0 && errno != EAGAIN && errno != EINTR) return fail();
    sent = taken < 0 ? 0 : static_cast<std::size_t>(taken);
  }
  for (const iovec& piece : parts) {
    const std::size_t skipped = std::min(sent, piece.iov_len);
    sent -= skipped;
    waiting_.append(static_cast<const char*>(piece.iov_base) + skipped, piece.iov_len - skipped);
  }
  if (!waiting_.empty()) wait();
}

beast::error_code Gate::enter(const std::string& frame) {
  if (broken_) return net::error::broken_pipe;
  if (congested() && (control_bytes_ += frame.size()) > kControlLimit) return net::error::no_buffer_space;
  const iovec whole = part(frame);
  put({&whole, 1});
  // The answer to the handshake begins with a letter.
  if (static_cast<unsigned char>(frame.front()) == (kFinal | kCloseFrame)) seal();
  return {};
}

void Gate::wait() {
  if (armed_) return;
  armed_ = true;
  socket_.async_wait(Socket::wait_write, [this, owner = owner_.hold()](beast::error_code failed) {
    armed_ = false;
    if (!failed) flush();
  });
}

void Gate::flush() {
  if (broken_) return;
  const std::size_t size = waiting_.size() - waiting_from_;
  const ssize_t taken =
      ::send(socket_.native_handle(), waiting_.data() + waiting_from_, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (taken < 0 && errno != EAGAIN && errno != EINTR) return fail();
  if (taken > 0) waiting_from_ += static_cast<std::size_t>(taken);
  if (waiting_from_ < waiting_.size()) return wait();
  waiting_ = {};
  waiting_from_ = 0;
  control_bytes_ = 0;
  owner_.on_gate_empty();
}

// The outstanding read sees it and ends the link.
void Gate::fail() {
  broken_ = true;
  waiting_ = {};
  waiting_from_ = 0;
  beast::error_code ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
}

void beast_close_socket(Gate& gate) {
  beast::error_code ignored;
  gate.socket().close(ignored);
}

void teardown(beast::role_type, Gate& gate, beast::error_code& result) {
  beast_close_socket(gate);
  result = {};
}

std::shared_ptr<Link> make_link(net::io_context& io, Descriptor socket, std::size_t frame_limit) {
  auto link = std::make_shared<WebSocketLink>(io, frame_limit);
  return link->adopt(socket) ? link : nullptr;
}

}  // namespace stoa::core::realtime
