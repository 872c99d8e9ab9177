// Opens WebSockets, --listeners of which (all without it) listen to one post, writes comments to it over
// HTTP, and checks that every listener gets every comment's event exactly once, in order, with the same
// bytes.
// --mode idle: says {"ready":true}, waits for a line, then one comment must still reach everybody.
// --mode flood: comments as fast as they arrive everywhere, at most --ahead of them under way.
// --mode paced: --rate comments a second.
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "arguments.hpp"
#include "http_answer.hpp"
#include "quantile.hpp"
#include "texts.hpp"
#include "websocket_frames.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using stoa::bench::Random;

constexpr int kLongestWaitMs = 30'000;
constexpr std::size_t kReadSize = 256 * 1024;

struct Options {
  std::uint16_t port = 0;
  std::string mode;
  std::size_t sockets = 1000, listeners = 0, writers = 8, ahead = 64;
  std::int64_t post = 1;
  double seconds = 1, rate = 20;
  std::uint64_t seed = 1;
  std::vector<std::string> tokens;
};

struct Comment {
  Clock::time_point sent, answered;
  std::string answer;  // its JSON, once it is acknowledged
  bool seen = false;
};

struct Event {  // of a comment, as the first socket got it
  std::string text;
  Comment* comment = nullptr;
  Clock::time_point first;
  std::size_t received = 0;
};

struct Peer {
  int socket = -1;
  enum class State { handshake, welcome, subscribing, listening, writer } state = State::handshake;
  std::string input;     // the beginning of what has not come whole
  std::size_t next = 0;  // the event it waits for
  Comment* comment = nullptr;
};

[[noreturn]] void wrong(const std::string& what, std::string_view text = {}) {
  throw std::runtime_error(what + (text.empty() ? "" : ": ") + std::string(text.substr(0, 300)));
}

class Fanout {
 public:
  explicit Fanout(const Options& options)
      : options_(options),
        random_(options.seed),
        poll_(epoll_create1(EPOLL_CLOEXEC)),
        timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
        head_("{\"op\":\"event\",\"seq\":"),
        channel_(",\"channels\":[\"post:" + std::to_string(options.post) +
                 "\"],\"type\":\"posts.comment.created\",\"time\":\""),
        peers_(options.sockets),
        writers_(options.writers) {}

  void run() {
    for (Peer& peer : peers_) {
      join(peer);
      if (&peer != &peers_.back() && ++joining_ % 64 != 0) continue;
      while (listening_ + 512 < joining_) wait();
    }
    while (listening_ < peers_.size()) wait();
    for (Peer& peer : writers_) {
      peer.state = Peer::State::writer;
      peer.socket = stoa::bench::connect_to(options_.port);
      watch(peer.socket, &peer);
      idle_.push_back(&peer);
    }
    if (options_.mode == "idle") return stay();
    started_ = Clock::now();
    const auto until = started_ + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(options_.seconds));
    if (options_.mode == "paced") tick();
    while (Clock::now() < until) {
      if (options_.mode == "flood") {
        while (!idle_.empty() && sent_ - complete_ < options_.ahead) write(Clock::now());
      }
      wait();
    }
    finish();
    report();
  }

 private:
  void stay() {
    std::puts("{\"ready\":true}");
    std::fflush(stdout);
    watch(STDIN_FILENO, &told_);
    while (!told_) wait(-1);
    epoll_ctl(poll_, EPOLL_CTL_DEL, STDIN_FILENO, nullptr);
    write(Clock::now());
    finish();
    std::puts("{\"reached\":true}");
  }

  void finish() {
    if (options_.mode == "paced") epoll_ctl(poll_, EPOLL_CTL_DEL, timer_, nullptr);
    while (owed_ > 0 || complete_ < sent_ || idle_.size() < writers_.size()) wait();
    for (const Event& event : events_) {
      const std::string_view data = std::string_view(event.text).substr(data_at(event.text));
      const std::string_view same = std::string_view(event.comment->answer);
      if (!data.starts_with(same.substr(0, same.size() - 1))) wrong("an event is not its comment", data);
    }
  }

  void watch(int descriptor, void* what) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = what;
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event) != 0) wrong("epoll_ctl failed");
  }

  void join(Peer& peer) {
    peer.socket = stoa::bench::connect_to(options_.port);
    watch(peer.socket, &peer);
    stoa::bench::send_all(
        peer.socket,
        "GET /api/v1/realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
            std::string(stoa::bench::kKey) + "\r\n\r\n");
  }

  void tick() {
    const auto period = static_cast<long>(1e9 / options_.rate);
    const itimerspec every{{period / 1'000'000'000, period % 1'000'000'000}, {0, 1}};
    timerfd_settime(timer_, 0, &every, nullptr);
    watch(timer_, this);
  }

  // What is due and finds no writer free goes out with the next answer, late, and counts as late.
  void write_due() {
    for (; owed_ > 0 && !idle_.empty(); --owed_) {
      const std::chrono::duration<double> after(static_cast<double>(sent_) / options_.rate);
      write(started_ + std::chrono::duration_cast<Clock::duration>(after));
    }
  }

  void wait(int longest_ms = kLongestWaitMs) {
    std::array<epoll_event, 512> ready;
    const int count = epoll_wait(poll_, ready.data(), ready.size(), longest_ms);
    if (count <= 0)
      wrong("nothing came for too long; " + std::to_string(sent_ - complete_) + " are under way");
    for (int i = 0; i < count; ++i) {
      void* const what = ready[static_cast<std::size_t>(i)].data.ptr;
      if (what == this) {
        std::uint64_t times = 0;
        if (read(timer_, &times, sizeof times) > 0) owed_ += times;
        write_due();
      } else if (what == &told_) {
        told_ = true;
      } else {
        receive(*static_cast<Peer*>(what));
      }
    }
  }

  void write(Clock::time_point due) {
    Peer& peer = *idle_.back();
    idle_.pop_back();
    const std::string text = stoa::bench::words(random_, 20) + " **" + stoa::bench::words(random_, 2) +
                             "** " + std::to_string(options_.seed) + "-" + std::to_string(++sent_);
    const std::string body = "{\"body\":\"" + text + "\"}";
    peer.comment = &comments_[text];
    peer.comment->sent = due;
    stoa::bench::send_all(peer.socket, "POST /api/v1/posts/" + std::to_string(options_.post) +
                                           "/comments HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
                                           options_.tokens[random_.below(options_.tokens.size())] +
                                           "\r\nContent-Type: application/json\r\nContent-Length: " +
                                           std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  void receive(Peer& peer) {
    const ssize_t count = recv(peer.socket, buffer_.get(), kReadSize, 0);
    if (count <= 0) wrong("the server closed a connection");
    now_ = Clock::now();
    std::string_view input(buffer_.get(), static_cast<std::size_t>(count));
    if (!peer.input.empty()) input = peer.input.append(input);
    std::size_t used = 0;
    while (used < input.size()) {
      const std::size_t size = take(peer, input.substr(used));
      if (size == 0) break;
      used += size;
    }
    peer.input = std::string(input.substr(used));
  }

  // How many bytes were a whole thing; 0: more must come.
  std::size_t take(Peer& peer, std::string_view input) {
    if (peer.state == Peer::State::writer) return take_answer(peer, input);
    if (peer.state == Peer::State::handshake) return take_handshake(peer, input);
    const auto frame = stoa::bench::first_frame(input);
    if (!frame) return 0;
    if (frame->masked) wrong("a server's frame is masked");
    const std::string_view payload = input.substr(frame->payload_at(), frame->size);
    if (frame->opcode == stoa::bench::kPing) {
      stoa::bench::send_all(peer.socket, stoa::bench::client_frame(stoa::bench::kPong, payload, mask()));
    } else if (frame->opcode == stoa::bench::kClose) {
      wrong("the server closed a WebSocket with " +
            std::to_string(frame->size < 2 ? 0 : (payload[0] & 0xFF) * 256 + (payload[1] & 0xFF)));
    } else if (frame->opcode != stoa::bench::kText) {
      wrong("a frame that is no text");
    } else {
      take_text(peer, payload);
    }
    return frame->whole();
  }

  std::uint32_t mask() { return static_cast<std::uint32_t>(random_.next()); }

  static std::size_t take_handshake(Peer& peer, std::string_view input) {
    const std::size_t end = input.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    if (!input.starts_with("HTTP/1.1 101 ") || input.substr(0, end).find(stoa::bench::kAccept) == input.npos)
      wrong("no WebSocket", input);
    peer.state = Peer::State::welcome;
    return end + 4;
  }

  void take_text(Peer& peer, std::string_view text) {
    if (peer.state == Peer::State::welcome) {
      if (!text.starts_with("{\"op\":\"welcome\",")) wrong("no welcome", text);
      if (!listens(peer)) return settle(peer);
      const std::string ask =
          "{\"id\":1,\"op\":\"subscribe\",\"channels\":[\"post:" + std::to_string(options_.post) + "\"]}";
      stoa::bench::send_all(peer.socket, stoa::bench::client_frame(stoa::bench::kText, ask, mask()));
      peer.state = Peer::State::subscribing;
    } else if (peer.state == Peer::State::subscribing) {
      if (!text.starts_with("{\"op\":\"ok\",\"id\":1,")) wrong("not subscribed", text);
      settle(peer);
    } else if (text.starts_with('[')) {
      std::size_t at = 0;
      do {
        at = take_event(peer, text, at + 1);
      } while (at < text.size() && text[at] == ',');
      if (at + 1 != text.size() || text[at] != ']') wrong("an array that does not end", text.substr(at));
    } else if (take_event(peer, text, 0) != text.size()) {
      wrong("more than an event", text);
    }
  }

  bool listens(const Peer& peer) const {
    return static_cast<std::size_t>(&peer - peers_.data()) < options_.listeners;
  }
  void settle(Peer& peer) { peer.state = Peer::State::listening, ++listening_; }

  // Where it ends.
  std::size_t take_event(Peer& peer, std::string_view text, std::size_t at) {
    if (!listens(peer)) wrong("an event nobody asked for", text);
    if (peer.next == events_.size()) add_event(text.substr(at));
    Event& event = events_[peer.next];
    if (text.compare(at, event.text.size(), event.text) != 0)
      wrong("not the event that is next", text.substr(at));
    ++peer.next;
    if (++event.received == options_.listeners) {
      ++complete_;  // rising: every socket gets them in order
      last_ = now_;
    }
    if (options_.mode == "paced") receipts_.emplace_back(peer.next - 1, now_);
    return at + event.text.size();
  }

  static std::size_t data_at(std::string_view event) {
    constexpr std::string_view kData = ",\"data\":";
    return event.find(kData) + kData.size();
  }

  // The first socket that gets it tells what it is.
  void add_event(std::string_view text) {
    text = text.substr(0, stoa::bench::object_size(text));
    if (!text.starts_with(head_)) wrong("no event", text);
    std::uint64_t seq = 0;
    const auto number = std::from_chars(text.data() + head_.size(), text.data() + text.size(), seq);
    if (seq <= seq_) wrong("a sequence number that does not rise", text);
    seq_ = seq;
    if (!std::string_view(number.ptr, text.data() + text.size()).starts_with(channel_))
      wrong("another event", text);
    constexpr std::string_view kBody = "\"body\":\"";
    const std::size_t from = text.find(kBody) + kBody.size();
    const auto found = comments_.find(std::string(text.substr(from, text.find('"', from) - from)));
    if (found == comments_.end() || found->second.seen)
      wrong("a comment nobody wrote, or a second time", text);
    found->second.seen = true;
    events_.push_back({std::string(text), &found->second, now_, 0});
  }

  std::size_t take_answer(Peer& peer, std::string_view input) {
    const auto size = stoa::bench::answer_size(input);
    if (!size) return 0;
    if (!peer.comment || !input.starts_with("HTTP/1.1 201 ")) wrong("a comment was refused", input);
    peer.comment->answered = now_;
    const std::size_t body = input.find("\r\n\r\n") + 4;
    peer.comment->answer = input.substr(body, *size - body);
    peer.comment = nullptr;
    idle_.push_back(&peer);
    write_due();
    return *size;
  }

  void report() {
    std::vector<double> fanned, whole;
    for (const auto& [index, time] : receipts_) {
      const Event& event = events_[index];
      const auto ms = [&](Clock::time_point since) {
        return std::chrono::duration<double, std::milli>(time - since).count();
      };
      // The first sign that it is committed.
      fanned.push_back(ms(std::min(event.first, event.comment->answered)));
      whole.push_back(ms(event.comment->sent));
    }
    std::size_t bytes = 0;
    for (const Event& event : events_) bytes += event.text.size();
    std::printf(
        "{\"messages\":%zu,\"deliveries\":%zu,\"seconds\":%.4f,\"bytes_each\":%.1f,\"p50_ms\":%.3f,\"p99_"
        "ms\":%.3f,"
        "\"whole_p50_ms\":%.3f,\"whole_p99_ms\":%.3f}\n",
        events_.size(), events_.size() * options_.listeners,
        std::chrono::duration<double>(last_ - started_).count(),
        static_cast<double>(bytes) / static_cast<double>(std::max<std::size_t>(1, events_.size())),
        stoa::bench::quantile(fanned, 0.5), stoa::bench::quantile(fanned, 0.99),
        stoa::bench::quantile(whole, 0.5), stoa::bench::quantile(whole, 0.99));
  }

  const Options& options_;
  Random random_;
  const int poll_, timer_;
  const std::string head_, channel_;  // an event's text up to its seq, and behind it
  std::vector<Peer> peers_, writers_;
  std::vector<Peer*> idle_;  // writers
  std::unordered_map<std::string, Comment> comments_;
  std::vector<Event> events_;
  std::vector<std::pair<std::size_t, Clock::time_point>> receipts_;
  std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(kReadSize);
  std::uint64_t seq_ = 0;
  std::size_t joining_ = 0, listening_ = 0, sent_ = 0, complete_ = 0;
  std::uint64_t owed_ = 0;  // due, not written yet
  bool told_ = false;
  Clock::time_point now_, started_, last_;
};

Options options_of(const stoa::bench::Arguments& given) {
  Options options;
  given.number("--port", options.port);
  given.number("--sockets", options.sockets);
  given.number("--listeners", options.listeners);
  given.number("--writers", options.writers);
  given.number("--ahead", options.ahead);
  given.number("--post", options.post);
  given.number("--seconds", options.seconds);
  given.number("--rate", options.rate);
  given.number("--seed", options.seed);
  options.mode = given.text("--mode");
  options.tokens = given.lines("--tokens");
  if (options.listeners == 0) options.listeners = options.sockets;
  if (options.port == 0 || options.sockets == 0 || options.listeners > options.sockets ||
      options.tokens.empty())
    throw std::runtime_error("--port, --sockets, no fewer than --listeners, and --tokens are needed");
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const Options options = options_of({count, arguments});
    Fanout(options).run();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stoa_bench_fanout: %s\n", error.what());
    return 1;
  }
}
