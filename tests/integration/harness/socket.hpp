// A WebSocket client: a thread of its own reads, tests wait for what they expect.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/client.hpp"

namespace stoa::harness {

// The server answered the upgrade with something else than 101.
struct HandshakeRefused : std::runtime_error {
  HandshakeRefused(int code, const std::string& text)
      : std::runtime_error("the upgrade was answered with " + std::to_string(code) + " " + text),
        status(code),
        body(text) {}
  int status;
  std::string body;
};

// Used by one thread at a time.
class Socket {
 public:
  using Match = std::function<bool(const Json&)>;

  // Upgrades GET /api/v1/realtime; throws HandshakeRefused. `headers` as they are: Cookie, Origin,
  // Authorization.
  explicit Socket(const Address& address, const Headers& headers = {});
  // The same as that client: with its cookies and Origin when it shows cookies; with an auth operation after
  // the upgrade when it shows a token; as a stranger otherwise.
  static std::unique_ptr<Socket> open(const Client& client);
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  void send(std::string_view text);
  void send_binary(std::string_view bytes);
  void ping(std::string_view payload);
  // Sends a close frame.
  void close(std::uint16_t code = 1000);
  // Cuts the connection without a word.
  void drop();
  // While paused nothing is read from the network (what is on its way may still arrive).
  void pause_reading();
  void resume_reading();

  // The first message not yet taken that matches; earlier ones stay for other calls. Array frames are taken
  // apart. Throws std::runtime_error when none comes within `limit`, or the socket closes first, with what
  // did come.
  Json wait(const Match& match, std::chrono::milliseconds limit = kPatience);
  // {"op":<op>}; an event of that type.
  Json wait_op(std::string_view op);
  Json wait_event(std::string_view type);
  Json wait_ephemeral(std::string_view type);
  // Sends an operation (an object; "id" is filled in) and gives its answer, ok or error.
  Json ask(std::string_view operation);
  // ask() for subscribe; throws unless the answer is ok. Gives its seq.
  std::int64_t subscribe(const std::vector<std::string>& channels, std::optional<std::int64_t> since = {});
  // After an exchange with the server, which is behind everything it sent before: every message not yet
  // taken, in order.
  std::vector<Json> settle();
  // Everything not yet taken, as it stands now.
  std::vector<Json> taken_now();

  // Waits until the server closes; the close code (0: without one).
  int wait_closed(std::chrono::milliseconds limit = kPatience);
  bool is_closed() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Shapes of frames, for wait().
Socket::Match event_is(std::string type);
Socket::Match event_is(std::string type, std::function<bool(const Json& data)> data);

}  // namespace stoa::harness
