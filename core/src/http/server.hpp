// The HTTP/1.1 edge: one listener, a few I/O threads, bounded everything. Pistache's listener, reactor and
// transport carry the bytes; reading, framing and writing are ours.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "stoa/result.hpp"

namespace stoa::core::http {

// One request and the place its answer goes. Shared: the connection may be gone before the answer comes.
class Exchange {
 public:
  virtual ~Exchange() = default;

  // [any-thread] Immutable once handed to Application::handle.
  virtual const RequestHead& head() const = 0;
  virtual const std::string& body() const = 0;
  // The body was longer than Admission::body_limit and was not read: answer 413 (after the checks that come
  // first).
  virtual bool body_too_large() const = 0;
  virtual const std::string& request_id() const = 0;  // 16 hexadecimal digits, unique in this process
  virtual const std::string& peer() const = 0;        // address of the TCP peer, without port
  virtual std::chrono::steady_clock::time_point received() const = 0;

  // [any-thread] Answers. The first call wins and returns true; later ones do nothing. The server adds Date,
  // X-Request-Id, Server-Timing, Content-Length and Connection, and leaves out the body for HEAD, 204 and
  // 304.
  virtual bool respond(Response response) = 0;
  virtual bool answered() const = 0;
  // [io] Inside Application::handle: whose request it is, for Application::answered.
  virtual void attribute(std::string_view owner) { (void)owner; }

  // [any-thread] Instead of an answer: takes the connection away from the server. `taken` runs on the owning
  // I/O thread with a non-blocking descriptor that it owns and the bytes already read past the head; it never
  // runs when the connection is gone. Only for requests whose head().websocket is set.
  virtual void detach(std::function<void(int fd, std::string leftover)> taken) = 0;
};

// What the edge asks of the host. All calls on I/O threads: they must not block and must not throw. An
// exchange that is let go of unanswered, and an exception all the same, are answered 500.
class Application {
 public:
  virtual ~Application() = default;

  struct Admission {
    std::uint64_t body_limit = 0;  // bytes; a longer body is not read (Exchange::body_too_large)
  };
  // [io] The head is complete and valid. Called before the body is read, and only for requests that announce
  // one.
  virtual Admission admit(const RequestHead& head) = 0;
  // [io] The request is complete. Answer at once, or keep the exchange and answer later from any thread.
  virtual void handle(std::shared_ptr<Exchange> exchange) = 0;
  // [io] Body of the problem answer for a request the edge itself refuses (400, 408, 414, 417, 431, 500, 501,
  // 503, 505).
  virtual Response refuse(int status, const std::string& request_id) = 0;
  // [io] An answer is on its way: whose (see Exchange::attribute; empty: nobody said), and how long after the
  // request was received. Not of a WebSocket.
  virtual void answered(std::string_view owner, int status, std::chrono::steady_clock::duration took) {
    (void)owner, (void)status, (void)took;
  }
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: a free one, see Server::port
  int io_threads = 2;
  std::size_t max_connections = 16384;  // beyond: 503 and close; lowered to what the descriptor limit allows
  // [any-thread] Connections that were detached and are still open: they count too. May be empty.
  std::function<std::size_t()> elsewhere = {};
  std::size_t target_limit = 8 * 1024;   // bytes, beyond: 414
  std::size_t header_limit = 16 * 1024;  // bytes of the header block, beyond: 431
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{30'000};  // and a second more for every 8 KB received
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds write_timeout{30'000};  // no byte of an answer accepted for so long: reset
};

struct ServerStats {
  std::uint64_t connections = 0;  // open now
  std::uint64_t requests = 0;     // since start
  std::uint64_t pending = 0;      // handed to the application and not yet answered
};

class Server {
 public:
  // The application must outlive the server.
  static std::unique_ptr<Server> create(ServerOptions options, Application& application);
  virtual ~Server() = default;

  // [lifecycle] Binds and serves, once. Ignores SIGPIPE and raises the soft limit of descriptors for the
  // whole process. Errors: `unavailable` when the address is in use or not there (message names host and
  // port).
  virtual Result<void> start() = 0;
  virtual std::uint16_t port() const = 0;
  // [lifecycle] Stops accepting, lets pending answers go out until the deadline, closes what is left.
  // Idempotent.
  virtual void stop(std::chrono::milliseconds deadline) = 0;
  virtual ServerStats stats() const = 0;  // [any-thread]
};

}  // namespace stoa::core::http
