// A WebSocket client that writes its frames byte by byte, so that wrong ones can be written too.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "realtime/hub.hpp"
#include "realtime/rapidjson.hpp"

namespace stoa::core::realtime::testing {

// A message of the server.
struct Message {
  std::shared_ptr<rapidjson::Document> json;

  std::string text(const char* name) const;
  std::int64_t number(const char* name) const;  // -1: absent
  bool has(const char* name) const { return json->HasMember(name); }
  std::string op() const { return text("op"); }
  std::uint64_t seq() const { return static_cast<std::uint64_t>(number("seq")); }
  bool replayed() const { return has("replay") && (*json)["replay"].GetBool(); }
  std::vector<std::string> channels() const;
  std::string problem() const;  // type of the problem document
};

// Both ends of a TCP connection over loopback; the first is non-blocking, as the edge hands it over.
std::pair<int, int> make_sockets(int server_send_buffer = 0, int client_receive_buffer = 0);

std::string upgrade_request();
// A client's frame; fin and mask as RFC 6455 has them.
std::string client_frame(unsigned opcode, std::string_view payload, bool fin = true, bool mask = true);
inline std::string text_frame(std::string_view payload) {
  return client_frame(1, payload);
}

// Waits at most 20 s for anything, then throws.
class Client {
 public:
  explicit Client(int fd) : fd_(fd) {}
  // Hands the other end to the hub and reads the answer to the handshake.
  Client(Hub& hub, std::optional<Member> member, std::string leftover = {});
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;
  ~Client();

  void send(std::string_view json) { send_bytes(text_frame(json)); }
  void send_bytes(std::string_view bytes);
  // Everything until the empty line.
  std::string read_head();
  // The next message of the server; messages of an array one by one. Answers pings unless mute.
  Message next();
  // The next message with that op; others before it are dropped.
  Message next(std::string_view op);
  // Nothing came before the answer to a ping of ours.
  bool quiet();
  // What is in order at once, without waiting.
  std::optional<Message> poll();
  // The code of the close frame; 0 when the connection ended without one. Answers it.
  int close_code();
  // Bytes until the connection ends.
  std::string read_all();
  void disconnect();
  void mute() { mute_ = true; }
  int pings() const { return pings_; }
  const std::vector<std::string>& pongs() const { return pongs_; }
  // Text frames received: several messages may have come in one.
  int frames() const { return frames_; }
  int fd() const { return fd_; }

 private:
  // Reads once; false when the peer has closed.
  bool fill(int timeout_ms);
  bool take_frame();

  int fd_ = -1;
  std::string in_;
  std::deque<Message> messages_;
  std::vector<std::string> pongs_;
  std::optional<int> close_code_;
  int pings_ = 0;
  int frames_ = 0;
  bool mute_ = false;
  bool ended_ = false;
};

}  // namespace stoa::core::realtime::testing
