// One WebSocket on one socket: frames in, frames out. Beast lives behind it. [hub]
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "realtime/descriptor.hpp"
#include "realtime/frames.hpp"

namespace boost::asio {
class io_context;
}

namespace stoa::core::realtime {

class Link {
 public:
  // Called from the hub's loop, never from inside a call of the link. Views hold during the call.
  class Listener {
   public:
    virtual void on_open() = 0;
    virtual void on_message(std::string_view payload, bool text) = 0;
    // A ping or a pong.
    virtual void on_control() = 0;
    // A message grew beyond the limit; the rest of it is not read.
    virtual void on_oversized() = 0;
    // Nothing waits for the socket any more, after it was congested.
    virtual void on_drained() = 0;
    // The peer closed, broke the protocol or is gone; or the handshake failed. The last call.
    virtual void on_closed() = 0;

   protected:
    ~Listener() = default;
  };

  virtual ~Link() = default;

  // Once. The listener is called until on_closed(), close() or abort().
  virtual void open(Listener& listener, std::string_view request, std::string leftover) = 0;
  // The socket takes no more now: what is sent stays in memory.
  virtual bool congested() const = 0;
  // One text frame: the message, or an array of them. At least one, at most 500.
  virtual void send(std::span<const Text> messages) = 0;
  virtual void ping() = 0;
  // No messages are read until resume().
  virtual void pause() = 0;
  virtual void resume() = 0;
  // The close frame goes behind what was sent; then the link waits for the peer to answer: abort() ends that.
  virtual void close(std::uint16_t code) = 0;
  virtual void abort() = 0;
};

// The link keeps itself alive while the socket is open.
std::shared_ptr<Link> make_link(boost::asio::io_context& io, Descriptor socket, std::size_t frame_limit);

}  // namespace stoa::core::realtime
