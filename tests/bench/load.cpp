// Writes posts or comments over HTTP, logs in, or reads: every connection sends one request, waits for its
// answer, checks it, sends the next; with --rate as many a second as that, whose times count from when each
// was due. With --storm 1 what is due and finds no connection free is left out and told as "unsent", and the
// server may refuse: 503 with Retry-After. What was due in the first --early seconds is counted apart:
// "early".
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "http_answer.hpp"
#include "quantile.hpp"
#include "texts.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using stoa::bench::Random;
using stoa::bench::Skew;

constexpr int kLongestWaitMs = 20'000;
constexpr double kShortestTick = 0.000'5;  // seconds; what is due within goes out together

struct Options {
  std::uint16_t port = 0;
  std::string kind;                // "posts", "comments", "logins", "reads"
  std::vector<std::string> paths;  // what is read, in turn
  std::string password;            // of writer0, writer1 …, as many as there are tokens
  double rate = 0;                 // a second; 0: as fast as the answers come
  bool storm = false;
  double early = 0;  // seconds
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
  std::size_t path = 0;  // of what is read: its place among them
};

class Requests {
 public:
  explicit Requests(const Options& options)
      : options_(options), random_(options.seed), posts_(options.existing_posts) {}

  Request next() {
    ++number_;
    if (options_.kind == "reads") {
      const std::size_t path = number_ % options_.paths.size();
      return {"GET " + options_.paths[path] + " HTTP/1.1\r\nHost: localhost\r\n\r\n", {}, path};
    }
    if (options_.kind == "logins") return login();
    return options_.kind == "posts" ? post() : comment();
  }

 private:
  Request login() {
    const std::string name = "writer" + std::to_string(number_ % options_.tokens.size());
    return {sent_to("/api/v1/auth/login",
                    "{\"login\":\"" + name + "\",\"password\":\"" + options_.password + "\"}",
                    "Accept: application/json"),
            "\"nickname\":\"" + name + "\""};
  }

  Request post() {
    const std::string expected = "\"body\":\"" + stoa::bench::post_text(random_) + " " + mark() + "\"";
    const std::string title = stoa::bench::words(random_, 4 + random_.below(5));
    return {sent_to("/api/v1/posts",
                    "{\"title\":\"" + title + "\"," + expected + ",\"category_ids\":[" +
                        std::to_string(1 + categories_.draw(random_)) + "]}",
                    somebody()),
            expected};
  }

  Request comment() {
    const std::string expected = "\"body\":\"" + stoa::bench::comment_text(random_) + " " + mark() + "\"";
    const std::string path = "/api/v1/posts/" + std::to_string(1 + posts_.draw(random_)) + "/comments";
    return {sent_to(path, "{" + expected + "}", somebody()), expected};
  }

  std::string mark() const { return std::to_string(options_.seed) + "-" + std::to_string(number_); }
  std::string somebody() {
    return "Authorization: Bearer " + options_.tokens[random_.below(options_.tokens.size())];
  }
  static std::string sent_to(const std::string& path, const std::string& body, const std::string& header) {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }

  const Options& options_;
  Random random_;
  Skew posts_, categories_{4};
  std::uint64_t number_ = 0;
};

struct Peer {
  int socket = -1;
  std::string input;
  Request request;
  Clock::time_point sent;
  bool busy = false;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), requests_(options), peers_(options.connections), poll_(epoll_create1(0)) {}

  int run() {
    if (options_.storm) step_forward();
    for (Peer& peer : peers_) connect(peer);
    started_ = Clock::now();
    until_ = started_ + since_start(options_.seconds > 0 ? options_.seconds : 1e6);
    if (options_.rate > 0) {
      start_clock();
    } else {
      for (Peer& peer : peers_) send_next(peer, Clock::now());
    }
    while (busy_ > 0 || clocked_) {
      std::array<epoll_event, 256> events;
      const int ready = epoll_wait(poll_, events.data(), events.size(), kLongestWaitMs);
      if (ready <= 0) throw std::runtime_error("no answer for too long");
      for (int i = 0; i < ready; ++i) {
        void* const what = events[i].data.ptr;
        if (what == this) {
          tick();
        } else {
          receive(*static_cast<Peer*>(what));
        }
      }
    }
    const double seconds = std::chrono::duration<double>(last_ - started_).count();

    using stoa::bench::quantile;
    std::printf("{\"done\":%zu,\"errors\":%zu,\"seconds\":%.4f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,",
                times_.size(), errors_, seconds, quantile(times_, 0.5), quantile(times_, 0.99));
    std::printf("\"refused\":%zu,\"refused_p50_ms\":%.3f,\"refused_p99_ms\":%.3f,\"unsent\":%zu,",
                refusals_.size(), quantile(refusals_, 0.5), quantile(refusals_, 0.99), unsent_);
    std::printf("\"early\":%zu,\"early_p99_ms\":%.3f,\"early_refused\":%zu,", early_times_.size(),
                quantile(early_times_, 0.99), early_refusals_.size());
    std::printf("\"error\":\"%s\"}\n", error_.c_str());
    return errors_ == 0 ? 0 : 1;
  }

 private:
  static Clock::duration since_start(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  // Before all others, where that is allowed: what it is kept waiting for a processor is not the server's
  // time.
  static void step_forward() { setpriority(PRIO_PROCESS, 0, -10); }

  void watch(int descriptor, void* what) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = what;
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event) != 0)
      throw std::runtime_error("epoll_ctl failed");
  }

  void connect(Peer& peer) {
    peer.socket = stoa::bench::connect_to(options_.port);
    watch(peer.socket, &peer);
    if (options_.rate > 0) idle_.push_back(&peer);
  }

  void start_clock() {
    clock_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    const double period = std::max(kShortestTick, 1 / options_.rate);
    const itimerspec every{{static_cast<time_t>(period), static_cast<long>(std::fmod(period, 1.0) * 1e9)},
                           {0, 1}};
    timerfd_settime(clock_, 0, &every, nullptr);
    watch(clock_, this);
    clocked_ = true;
  }

  void tick() {
    std::uint64_t times = 0;
    if (read(clock_, &times, sizeof times) > 0) send_due();
  }

  // What is due and finds no connection free goes out with the next answer, late, and counts as late; in a
  // storm never.
  void send_due() {
    const Clock::time_point now = Clock::now();
    while (clocked_ && (!idle_.empty() || options_.storm)) {
      const Clock::time_point due =
          started_ + since_start(static_cast<double>(sent_ + unsent_) / options_.rate);
      if (due > now) break;
      if (due >= until_ || errors_ > 0) {
        epoll_ctl(poll_, EPOLL_CTL_DEL, clock_, nullptr);
        clocked_ = false;
        break;
      }
      if (idle_.empty()) {
        ++unsent_;
        continue;
      }
      Peer& peer = *idle_.back();
      idle_.pop_back();
      send_next(peer, due);
    }
  }

  void send_next(Peer& peer, Clock::time_point due) {
    if (sent_ >= options_.count || errors_ > 0 || due >= until_) return;
    ++sent_;
    ++busy_;
    peer.request = requests_.next();
    peer.busy = true;
    peer.sent = due;
    stoa::bench::send_all(peer.socket, peer.request.text);
  }

  void receive(Peer& peer) {
    std::array<char, 65536> buffer;
    const ssize_t count = recv(peer.socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) throw std::runtime_error("the server closed a connection");
    peer.input.append(buffer.data(), static_cast<std::size_t>(count));
    const auto size = stoa::bench::answer_size(peer.input);
    if (!size) return;
    last_ = Clock::now();
    const std::string_view answer = std::string_view(peer.input).substr(0, *size);
    const double took = std::chrono::duration<double, std::milli>(last_ - peer.sent).count();
    const bool is_early = peer.sent < started_ + since_start(options_.early);
    const bool is_one = peer.busy && *size == peer.input.size();
    if (is_one && is_right(peer, answer)) {
      (is_early ? early_times_ : times_).push_back(took);
    } else if (is_one && options_.storm && is_refusal(answer)) {
      (is_early ? early_refusals_ : refusals_).push_back(took);
    } else {
      if (errors_++ == 0) keep_error(answer);
    }
    if (std::exchange(peer.busy, false)) --busy_;
    peer.input.clear();
    if (options_.rate == 0) return send_next(peer, Clock::now());
    idle_.push_back(&peer);
    send_due();
  }

  bool is_right(const Peer& peer, std::string_view answer) {
    if (options_.kind != "reads")
      return answer.starts_with(options_.kind == "logins" ? "HTTP/1.1 200 " : "HTTP/1.1 201 ") &&
             answer.find(peer.request.expected) != std::string_view::npos;
    const std::string_view body = answer.substr(answer.find("\r\n\r\n") + 4);
    std::string& first = bodies_[peer.request.path];  // nobody writes: each answer is the same again
    if (first.empty()) first = body;
    return answer.starts_with("HTTP/1.1 200 ") && body == first;
  }

  static bool is_refusal(std::string_view answer) {
    return answer.starts_with("HTTP/1.1 503 ") &&
           answer.find("\r\nRetry-After: ") != std::string_view::npos &&
           answer.find("/problems/overloaded") != std::string_view::npos;
  }

  void keep_error(std::string_view answer) {
    for (const char c : answer.substr(0, answer.find("\r\n"))) {
      if (c >= ' ' && c != '"' && c != '\\') error_ += c;
    }
  }

  const Options& options_;
  Requests requests_;
  std::vector<std::string> bodies_ = std::vector<std::string>(options_.paths.size());
  std::vector<Peer> peers_;
  std::vector<Peer*> idle_;  // with a rate
  int poll_, clock_ = -1;
  bool clocked_ = false;
  std::size_t sent_ = 0, unsent_ = 0, busy_ = 0, errors_ = 0;
  std::vector<double> times_, refusals_, early_times_, early_refusals_;  // of the answers, in ms
  std::string error_;
  Clock::time_point started_, until_, last_;
};

Options options_of(const stoa::bench::Arguments& given) {
  Options options;
  given.number("--port", options.port);
  given.number("--connections", options.connections);
  given.number("--count", options.count);
  given.number("--seconds", options.seconds);
  given.number("--rate", options.rate);
  given.number("--early", options.early);
  given.number("--posts", options.existing_posts);
  given.number("--seed", options.seed);
  options.storm = given.has("--storm");
  options.kind = given.text("--kind");
  if (options.kind == "logins") options.password = given.text("--password");
  options.paths = given.lines("--paths");
  options.tokens = given.lines("--tokens");
  if (options.port == 0 || (options.kind == "reads" ? options.paths : options.tokens).empty())
    throw std::runtime_error("--port, and --tokens or --paths, are needed");
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return Load(options_of({count, arguments})).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stoa_bench_load: %s\n", error.what());
    return 1;
  }
}
