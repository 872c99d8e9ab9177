// One TCP connection that speaks HTTP/1.1 as literally as a test wants it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/json.hpp"

namespace stoa::harness {

// Generous: a loaded machine with sanitizers is slow, a hang must still end.
inline constexpr std::chrono::seconds kPatience{60};

struct Reply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // in order, names as sent
  std::string body;

  // The first of that name, ignoring case; empty without one.
  std::string header(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  // Throws std::runtime_error unless the body is JSON.
  Json json() const { return Json::parse(body); }
  // Last part of a problem's type, as "not-found"; empty when this is no problem document.
  std::string problem() const;
  // Pointers of a problem's errors, in order.
  std::vector<std::string> pointers() const;
};

std::ostream& operator<<(std::ostream& out, const Reply& reply);

// Throws std::runtime_error when the peer is not there, or not within kPatience.
class Connection {
 public:
  Connection(const std::string& host, int port);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void write(std::string_view bytes);
  // The next answer, 1xx left out. `head`: it has no body whatever its headers say.
  Reply read_reply(bool head = false);
  // Exactly so many bytes.
  std::string read(std::size_t count);
  // Everything until the peer closes.
  std::string read_to_end();
  // No more bytes follow from this side.
  void finish_writing();
  // Closes with a reset instead of an end.
  void reset();
  // Nothing unread is here and the peer has closed.
  bool ended() const;
  // Shrinks the receive window, before reading slowly.
  void set_receive_buffer(int bytes);
  int native() const { return fd_; }

 private:
  // False at the end of the stream.
  bool fill();
  std::string line();

  int fd_ = -1;
  std::string unread_;
};

}  // namespace stoa::harness
