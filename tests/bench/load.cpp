// Writes posts or comments over HTTP: every connection sends one, waits for its answer, checks it, sends the
// next.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "texts.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using stoa::bench::Random;
using stoa::bench::Skew;

constexpr int kLongestWaitMs = 20'000;

struct Options {
  std::uint16_t port = 0;
  bool posts = false;
  std::size_t connections = 64;
  std::size_t count = std::numeric_limits<std::size_t>::max();
  double seconds = 0;
  std::size_t existing_posts = 1;
  std::uint64_t seed = 1;
  std::vector<std::string> tokens;
};

struct Request {
  std::string text;
  std::string expected;  // the answer holds it
};

class Requests {
 public:
  explicit Requests(const Options& options)
      : options_(options), random_(options.seed), posts_(options.existing_posts) {}

  Request next() {
    const std::string& token = options_.tokens[random_.below(options_.tokens.size())];
    const std::string mark = std::to_string(options_.seed) + "-" + std::to_string(++number_);
    std::string path = "/api/v1/posts", body;
    Request request;
    if (options_.posts) {
      const std::string text = stoa::bench::post_text(random_) + " " + mark;
      request.expected = "\"body\":\"" + text + "\"";
      body = "{\"title\":\"" + stoa::bench::words(random_, 4 + random_.below(5)) + "\"," + request.expected +
             ",\"category_ids\":[" + std::to_string(1 + Skew(4).draw(random_)) + "]}";
    } else {
      const std::string text = stoa::bench::comment_text(random_) + " " + mark;
      request.expected = "\"body\":\"" + text + "\"";
      body = "{" + request.expected + "}";
      path += "/" + std::to_string(1 + posts_.draw(random_)) + "/comments";
    }
    request.text = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token +
                   "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n" + body;
    return request;
  }

 private:
  const Options& options_;
  Random random_;
  Skew posts_;
  std::uint64_t number_ = 0;
};

// The length of the whole answer once it is all there.
std::optional<std::size_t> answer_size(std::string_view input) {
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::size_t head = input.find("\r\n\r\n");
  if (head == std::string_view::npos) return std::nullopt;
  const std::size_t at = input.substr(0, head).find(kLength);
  if (at == std::string_view::npos) throw std::runtime_error("an answer without Content-Length");
  std::size_t length = 0;
  const char* const digits = input.data() + at + kLength.size();
  std::from_chars(digits, input.data() + head, length);
  const std::size_t size = head + 4 + length;
  return input.size() >= size ? std::optional(size) : std::nullopt;
}

struct Peer {
  int socket = -1;
  std::string input, output, expected;
  Clock::time_point sent;
  bool busy = false;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), requests_(options), peers_(options.connections), poll_(epoll_create1(0)) {}

  int run() {
    for (Peer& peer : peers_) connect(peer);
    started_ = Clock::now();
    until_ = started_ + std::chrono::duration_cast<Clock::duration>(
                            std::chrono::duration<double>(options_.seconds > 0 ? options_.seconds : 1e6));
    for (Peer& peer : peers_) send_next(peer);
    while (busy_ > 0) {
      std::array<epoll_event, 256> events;
      const int ready = epoll_wait(poll_, events.data(), events.size(), kLongestWaitMs);
      if (ready <= 0) throw std::runtime_error("no answer for too long");
      for (int i = 0; i < ready; ++i) receive(*static_cast<Peer*>(events[i].data.ptr));
    }
    const double seconds = std::chrono::duration<double>(last_ - started_).count();
    std::ranges::sort(times_);
    std::printf(
        "{\"done\":%zu,\"errors\":%zu,\"seconds\":%.4f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"error\":\"%s\"}\n",
        times_.size(), errors_, seconds, quantile(0.5), quantile(0.99), error_.c_str());
    return errors_ == 0 ? 0 : 1;
  }

 private:
  void connect(Peer& peer) {
    peer.socket = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(peer.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect");
    const int on = 1;
    setsockopt(peer.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &peer;
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, peer.socket, &event) != 0)
      throw std::runtime_error("epoll_ctl failed");
  }

  void send_next(Peer& peer) {
    if (sent_ >= options_.count || errors_ > 0 || Clock::now() >= until_) return;
    ++sent_;
    ++busy_;
    Request request = requests_.next();
    peer.expected = std::move(request.expected);
    peer.busy = true;
    peer.sent = Clock::now();
    std::string_view rest = request.text;  // far smaller than a socket's buffer
    while (!rest.empty()) {
      const ssize_t count = send(peer.socket, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (count <= 0) throw std::runtime_error("cannot send");
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void receive(Peer& peer) {
    std::array<char, 65536> buffer;
    const ssize_t count = recv(peer.socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) throw std::runtime_error("the server closed a connection");
    peer.input.append(buffer.data(), static_cast<std::size_t>(count));
    const auto size = answer_size(peer.input);
    if (!size) return;
    last_ = Clock::now();
    const std::string_view answer = std::string_view(peer.input).substr(0, *size);
    const bool right = peer.busy && answer.starts_with("HTTP/1.1 201 ") && *size == peer.input.size() &&
                       answer.find(peer.expected) != std::string_view::npos;
    if (right) {
      times_.push_back(std::chrono::duration<double, std::milli>(last_ - peer.sent).count());
    } else {
      if (errors_++ == 0) keep_error(answer);
    }
    if (std::exchange(peer.busy, false)) --busy_;
    peer.input.clear();
    send_next(peer);
  }

  void keep_error(std::string_view answer) {
    for (const char c : answer.substr(0, answer.find("\r\n"))) {
      if (c >= ' ' && c != '"' && c != '\\') error_ += c;
    }
  }

  double quantile(double part) const {
    if (times_.empty()) return 0;
    return times_[static_cast<std::size_t>(part * static_cast<double>(times_.size() - 1))];
  }

  const Options& options_;
  Requests requests_;
  std::vector<Peer> peers_;
  int poll_;
  std::size_t sent_ = 0, busy_ = 0, errors_ = 0;
  std::vector<double> times_;
  std::string error_;
  Clock::time_point started_, until_, last_;
};

Options options_of(int count, char** arguments) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < count; i += 2) given[arguments[i]] = arguments[i + 1];
  auto number = [&](const char* name, auto& value) {
    if (given.contains(name)) value = static_cast<std::decay_t<decltype(value)>>(std::stod(given[name]));
  };
  Options options;
  number("--port", options.port);
  number("--connections", options.connections);
  number("--count", options.count);
  number("--seconds", options.seconds);
  number("--posts", options.existing_posts);
  number("--seed", options.seed);
  options.posts = given["--kind"] == "posts";
  std::ifstream file(given["--tokens"]);
  for (std::string line; std::getline(file, line);) options.tokens.push_back(line);
  if (options.port == 0 || options.tokens.empty()) throw std::runtime_error("--port and --tokens are needed");
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return Load(options_of(count, arguments)).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stoa_bench_load: %s\n", error.what());
    return 1;
  }
}
