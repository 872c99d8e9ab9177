// The yardstick of fan-out: one thread, epoll, one write for each socket and message, and nothing else.
// Speaks as much of the forum's protocol as stoa_bench_fanout asks for, with events of the same bytes.
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "http_answer.hpp"
#include "websocket_frames.hpp"

namespace {

struct Peer {
  int socket = -1;
  std::string input, waiting;
  bool websocket = false, listens = false;
  std::size_t place = 0;
};

class Broadcast {
 public:
  explicit Broadcast(std::uint16_t port) : poll_(epoll_create1(EPOLL_CLOEXEC)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_, 4096) != 0)
      throw std::runtime_error("cannot listen");
    watch(EPOLL_CTL_ADD, listener_, EPOLLIN, nullptr);
  }

  [[noreturn]] void run() {
    for (;;) {
      std::array<epoll_event, 512> ready;
      const int count = epoll_wait(poll_, ready.data(), ready.size(), -1);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = ready[static_cast<std::size_t>(i)];
        if (!event.data.ptr) {
          accept_all();
          continue;
        }
        Peer& peer = *static_cast<Peer*>(event.data.ptr);
        if (peer.socket >= 0 && (event.events & EPOLLOUT) != 0) flush(peer);
        if (peer.socket >= 0 && (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive(peer);
      }
      gone_.clear();
    }
  }

 private:
  void watch(int how, int descriptor, std::uint32_t events, void* what) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = what;
    if (epoll_ctl(poll_, how, descriptor, &event) != 0) throw std::runtime_error("epoll_ctl failed");
  }

  void accept_all() {
    for (;;) {
      const int made = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (made < 0) return;
      const int on = 1;
      setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      auto peer = std::make_unique<Peer>();
      peer->socket = made;
      peer->place = peers_.size();
      watch(EPOLL_CTL_ADD, made, EPOLLIN, peer.get());
      peers_.push_back(std::move(peer));
    }
  }

  void close_peer(Peer& peer) {
    if (peer.listens) std::erase(listeners_, &peer);
    close(peer.socket);
    peer.socket = -1;
    const std::size_t place = peer.place;
    peers_.back()->place = place;
    std::swap(peers_[place], peers_.back());
    gone_.push_back(std::move(peers_.back()));
    peers_.pop_back();
  }

  void receive(Peer& peer) {
    std::array<char, 16384> buffer;
    const ssize_t count = recv(peer.socket, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return close_peer(peer);
    peer.input.append(buffer.data(), static_cast<std::size_t>(count));
    while (peer.websocket ? take_frame(peer) : take_request(peer)) {
    }
    if (peer.input.empty()) peer.input = {};
  }

  bool take_frame(Peer& peer) {
    const auto frame = stoa::bench::first_frame(peer.input);
    if (!frame) return false;
    if (frame->opcode == stoa::bench::kText && !peer.listens) {
      put(peer, stoa::bench::server_frame(stoa::bench::kText,
                                          "{\"op\":\"ok\",\"id\":1,\"seq\":" + std::to_string(seq_) + "}"));
      peer.listens = true;
      listeners_.push_back(&peer);
    }
    peer.input.erase(0, frame->whole());
    return true;
  }

  bool take_request(Peer& peer) {
    const std::size_t head = peer.input.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    if (peer.input.starts_with("POST ")) return take_comment(peer, head + 4);
    if (peer.input.starts_with("GET /api/v1/realtime ")) {
      put(peer,
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
          "Upgrade\r\nSec-WebSocket-Accept: " +
              std::string(stoa::bench::kAccept) + "\r\n\r\n");
      put(peer, stoa::bench::server_frame(stoa::bench::kText, "{\"op\":\"welcome\",\"user\":null}"));
      peer.websocket = true;
    } else {
      put(peer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
    peer.input.erase(0, head + 4);
    return true;
  }

  bool take_comment(Peer& peer, std::size_t body) {
    const auto size = stoa::bench::answer_size(peer.input);  // a request's length is written alike
    if (!size) return false;
    constexpr std::string_view kPosts = "POST /api/v1/posts/", kBody = "{\"body\":\"";
    const std::string post =
        peer.input.substr(kPosts.size(), peer.input.find('/', kPosts.size()) - kPosts.size());
    const std::string text = peer.input.substr(body + kBody.size(), *size - body - kBody.size() - 2);
    peer.input.erase(0, *size);
    std::string html = text;
    for (const std::string_view tag : {"<strong>", "</strong>"}) {
      const std::size_t at = html.find("**");
      if (at != std::string::npos) html.replace(at, 2, tag);
    }
    ++seq_;
    const std::string comment =
        "{\"id\":" + std::to_string(20'000 + seq_) + ",\"post_id\":" + post +
        ",\"parent_id\":null,\"depth\":0,\"author\":{\"id\":1,\"nickname\":\"writer0\",\"avatar_url\":null},"
        "\"body\":\"" +
        text + "\",\"html\":\"<p>" + html +
        "</p>\\n\",\"likes\":0,\"dislikes\":0,\"created_at\":\"2026-01-01T00:00:00.000Z\",\"edited_at\":null,"
        "\"deleted\":false,\"revision\":1}";
    put(peer, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: " +
                  std::to_string(comment.size()) + "\r\n\r\n" + comment);
    const std::string frame = stoa::bench::server_frame(
        stoa::bench::kText,
        "{\"op\":\"event\",\"seq\":" + std::to_string(50'000 + seq_) + ",\"channels\":[\"post:" + post +
            "\"],\"type\":\"posts.comment.created\",\"time\":\"2026-01-01T00:00:00.000Z\",\"data\":" +
            comment.substr(0, comment.size() - 1) +
            ",\"mentions\":[],\"post_author_id\":1,\"parent_author_id\":null,\"post_title\":\"What everybody "
            "listens to\","
            "\"post_slug\":\"what-everybody-listens-to\"}}");
    for (Peer* listener : listeners_) put(*listener, frame);
    return true;
  }

  void put(Peer& peer, std::string_view bytes) {
    if (!peer.waiting.empty()) {
      peer.waiting.append(bytes);
      return;
    }
    const ssize_t count = send(peer.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    const auto taken = static_cast<std::size_t>(std::max<ssize_t>(0, count));
    if (taken == bytes.size()) return;
    peer.waiting = bytes.substr(taken);
    watch(EPOLL_CTL_MOD, peer.socket, EPOLLIN | EPOLLOUT, &peer);
  }

  void flush(Peer& peer) {
    const ssize_t count = send(peer.socket, peer.waiting.data(), peer.waiting.size(), MSG_NOSIGNAL);
    if (count > 0) peer.waiting.erase(0, static_cast<std::size_t>(count));
    if (!peer.waiting.empty()) return;
    peer.waiting = {};
    watch(EPOLL_CTL_MOD, peer.socket, EPOLLIN, &peer);
  }

  const int poll_;
  int listener_ = -1;
  std::uint64_t seq_ = 0;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::unique_ptr<Peer>> gone_;  // their events may still be in the batch
  std::vector<Peer*> listeners_;
};

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGTERM, [](int) { _exit(0); });
  try {
    if (count != 3) throw std::runtime_error("usage: --port PORT");
    Broadcast(static_cast<std::uint16_t>(std::stoi(arguments[2]))).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stoa_bench_broadcast: %s\n", error.what());
    return 1;
  }
}
