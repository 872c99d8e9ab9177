// The stream below Beast: one ordered output buffer, which Beast's own frames and ours enter whole. Sending
// past Beast without it would put a pong into the middle of a half-sent frame. Include only where Beast is.
// [hub]
#pragma once

#include <sys/uio.h>

#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/role.hpp>
#include <memory>
#include <span>
#include <string>

namespace stoa::core::realtime {

namespace net = boost::asio;
namespace beast = boost::beast;

class Gate {
 public:
  using Socket = net::basic_stream_socket<net::ip::tcp, net::io_context::executor_type>;
  using executor_type = Socket::executor_type;

  class Owner {
   public:
    virtual std::shared_ptr<Owner> hold() = 0;
    // Everything is out, after some of it had to wait.
    virtual void on_gate_empty() = 0;

   protected:
    ~Owner() = default;
  };

  Gate(net::io_context& io, Owner& owner) : socket_(io), owner_(owner) {}

  executor_type get_executor() { return socket_.get_executor(); }
  Socket& socket() { return socket_; }

  // Bytes that came with the request: read before those of the socket.
  void preload(std::string bytes) { preloaded_ = std::move(bytes); }
  bool congested() const { return !waiting_.empty(); }
  // A whole frame. Ignored once sealed or broken.
  void put(std::span<const iovec> parts);
  // Nothing goes out behind what has entered until now.
  void seal() { sealed_ = true; }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return net::async_initiate<Handler, void(beast::error_code, std::size_t)>(
        [this](auto&& done, const Buffers& into) {
          if (preloaded_.empty()) return socket_.async_read_some(into, std::forward<decltype(done)>(done));
          const std::size_t size = net::buffer_copy(into, net::buffer(preloaded_));
          preloaded_.erase(0, size);
          complete(std::forward<decltype(done)>(done), {}, size);
        },
        handler, buffers);
  }

  // Beast writes one whole frame (or the answer to the handshake) at a time. Always takes all of it.
  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return net::async_initiate<Handler, void(beast::error_code, std::size_t)>(
        [this](auto&& done, const Buffers& from) {
          const std::string frame = beast::buffers_to_string(from);
          const auto result = enter(frame);
          complete(std::forward<decltype(done)>(done), result, result ? 0 : frame.size());
        },
        handler, buffers);
  }

 private:
  template <class Handler>
  void complete(Handler&& handler, beast::error_code result, std::size_t size) {
    net::post(get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), result, size));
  }

  beast::error_code enter(const std::string& frame);
  void wait();
  void flush();
  void fail();

  Socket socket_;
  Owner& owner_;
  std::string preloaded_;
  std::string waiting_;  // what the socket did not take
  std::size_t waiting_from_ = 0;
  std::size_t control_bytes_ = 0;  // of Beast's frames within waiting_
  bool sealed_ = false;
  bool broken_ = false;
  bool armed_ = false;
};

// What Beast asks of a stream of its own kind. The link takes the connection down itself, within limits of
// time.
void beast_close_socket(Gate& gate);
void teardown(beast::role_type role, Gate& gate, beast::error_code& result);

template <class Handler>
void async_teardown(beast::role_type, Gate& gate, Handler&& handler) {
  net::post(gate.get_executor(),
            beast::bind_front_handler(std::forward<Handler>(handler), beast::error_code{}));
}

}  // namespace stoa::core::realtime
