#include "http/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "http/writer.hpp"

namespace stoa::core::http {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kReadsInOneTurn = 16;
constexpr std::size_t kBurst = 128 * 1024;          // bytes of answers, sent before more are produced
constexpr std::size_t kBodyReserve = 64 * 1024;     // of an announced body, before any of it came
constexpr std::size_t kBodyRate = 8 * 1024;         // bytes that buy the sender of a body a second more
constexpr std::uint32_t kDrain = 64 * 1024 * 1024;  // bytes thrown away after a refusal
constexpr auto kDrainTime = std::chrono::seconds(3);
constexpr std::size_t kIdleBuffer = 512;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(IoThread& io, int descriptor, std::string peer)
    : io_(io),
      descriptor_(descriptor),
      reader_({.target = io.options().target_limit, .header = io.options().header_limit}),
      peer_(std::move(peer)),
      since_(Clock::now()),
      now_(since_) {
  schedule();
}

void Connection::on_readable(bool to_the_end) {
  readable_ = true;
  to_the_end_ |= to_the_end;
  on_turn();
}

void Connection::on_turn() {
  now_ = Clock::now();
  read();
  settle();
}

void Connection::on_writable() {
  if (!waiting_) return;
  const auto before = waiting_->size();
  const auto sent = waiting_->send(descriptor_);
  if (sent == Output::Sent::failed) return close();
  if (sent == Output::Sent::blocked) {
    if (waiting_->size() < before) since_ = Clock::now();
    return schedule();
  }
  waiting_.reset();
  since_ = Clock::now();
  resume();
}

void Connection::on_hangup() {
  if (state_ == State::answering) close();
}

void Connection::on_deadline() {
  if (waiting_) return reset();
  switch (state_) {
    case State::head:
      if (kept_.empty()) return close();
      return refuse(408);
    case State::body:
      return refuse(408);
    case State::answering:
      return;
    case State::ending:
    case State::draining:
      return close();
    case State::closed:
      return;
  }
}

void Connection::on_answer(LiveExchange& exchange) {
  if (state_ != State::answering || exchange.serial() != serial_) return;
  answer(exchange);
  resume();
}

void Connection::on_drop(std::uint64_t serial, const std::string& request_id) {
  if (state_ != State::answering || serial != serial_) return;
  finish(io_.refusal(500, request_id), request_id);
  resume();
}

void Connection::on_finish() {
  if (state_ == State::head) on_readable(false);
  if (state_ == State::head && !waiting_) close();
}

void Connection::refuse(int status) {
  refuse_request(status);
  settle();
}

void Connection::close() {
  if (state_ == State::closed) return;
  if (state_ == State::answering) Counters::add(io_.counters->pending, -1);
  state_ = State::closed;
  io_.burst.clear();
  exchange_.reset();
  waiting_.reset();
  io_.drop(descriptor_);
}

// Goes on where a blocked socket or a deferred answer had stopped it.
void Connection::resume() {
  now_ = Clock::now();
  consume_kept();
  read();
  settle();
}

void Connection::read() {
  if (state_ == State::draining) return drain();
  for (int turn = 0; readable_ && wants_input(); ++turn) {
    if (turn == kReadsInOneTurn) return io_.again(descriptor_);
    const auto count = ::recv(descriptor_, io_.input.data(), io_.input.size(), 0);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) return close();
      readable_ = false;
      return;
    }
    if (count == 0) {
      readable_ = false;
      input_over_ = true;
      return;
    }
    const std::string_view bytes(io_.input.data(), static_cast<std::size_t>(count));
    // A short read empties the socket, and what comes later is a new edge; but an end already announced is
    // none.
    if (bytes.size() < io_.input.size() && !to_the_end_) readable_ = false;
    if (kept_.empty()) {
      const auto rest = bytes.substr(consume(bytes));
      if (state_ == State::head && !waiting_ && !rest.empty()) since_ = now_;
      kept_.assign(rest);
    } else {
      kept_.append(bytes);
      consume_kept();
    }
  }
}

void Connection::drain() {
  for (int turn = 0; readable_; ++turn) {
    if (turn == kReadsInOneTurn) return io_.again(descriptor_);
    const auto count = ::recv(descriptor_, io_.input.data(), io_.input.size(), MSG_TRUNC);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      readable_ = false;
      return;
    }
    if (count <= 0) return close();
    drained_ += static_cast<std::uint32_t>(count);
    if (drained_ > kDrain) return close();
  }
}

void Connection::consume_kept() {
  if (kept_.empty()) return;
  kept_from_ += consume(std::string_view(kept_).substr(kept_from_));
  if (kept_from_ < kept_.size() / 2) return;
  kept_.erase(0, kept_from_);
  kept_from_ = 0;
}

std::size_t Connection::consume(std::string_view input) {
  std::size_t used = 0;
  while (wants_input() && used < input.size()) {
    const auto rest = input.substr(used);
    const auto step = state_ == State::head ? consume_head(rest) : consume_body(rest);
    used += step;
    if (io_.burst.size() > kBurst) flush();
    if (step == 0) break;
  }
  return used;
}

std::size_t Connection::consume_head(std::string_view input) {
  if (!io_.next) io_.next = io_.take_contents();
  const auto progress = reader_.read_head(input, io_.next->head);
  if (progress.refusal != 0) {
    refuse_request(progress.refusal);
    return 0;
  }
  if (!progress.complete) return progress.consumed;

  auto contents = std::move(io_.next);
  contents->peer = peer_;
  contents->received = now_;
  io_.ids.next(contents->request_id);
  exchange_ =
      std::make_shared<LiveExchange>(std::move(contents), weak_from_this(), io_.mailbox, io_.pool, ++serial_);
  served_ = true;
  if (reader_.has_body()) {
    start_body(input.substr(progress.consumed));
  } else {
    dispatch();
  }
  return progress.consumed;
}

void Connection::start_body(std::string_view rest) {
  auto& contents = exchange_->contents();
  Application::Admission admission;
  try {
    admission = io_.application().admit(contents.head);
  } catch (...) {
    return refuse_request(500);
  }
  const auto announced = contents.head.content_length.value_or(0);
  if (announced > admission.body_limit) {
    contents.body_too_large = true;
    return dispatch();
  }
  contents.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(announced, kBodyReserve)));
  reader_.begin_body(admission.body_limit);
  state_ = State::body;
  since_ = now_;
  if (reader_.expects_continue() && rest.empty()) io_.burst.append(kContinue);
}

std::size_t Connection::consume_body(std::string_view input) {
  auto& contents = exchange_->contents();
  const auto progress = reader_.read_body(input, contents.body);
  if (progress.refusal == 413) {
    contents.body.clear();
    contents.body_too_large = true;
    dispatch();
  } else if (progress.refusal != 0) {
    refuse_request(progress.refusal);
  } else if (progress.complete) {
    dispatch();
  }
  return progress.consumed;
}

void Connection::dispatch() {
  const auto exchange = std::move(exchange_);
  const auto& contents = exchange->contents();
  state_ = State::answering;
  unread_ = contents.body_too_large;
  keep_alive_ = contents.head.keep_alive && !unread_;
  to_head_ = contents.head.method == Method::head;
  received_ = contents.received;
  Counters::add(io_.counters->requests, 1);
  Counters::add(io_.counters->pending, 1);
  exchange->enter();
  try {
    io_.application().handle(exchange);
  } catch (...) {
    if (exchange->claim()) {
      exchange->leave();
      return finish(io_.refusal(500, contents.request_id), contents.request_id);
    }
  }
  if (exchange->leave()) answer(*exchange);
}

void Connection::answer(LiveExchange& exchange) {
  auto& contents = exchange.contents();
  if (contents.taken) {
    exchange_ = exchange.shared_from_this();  // settle() hands over when all earlier answers are out
    return;
  }
  if (is_sendable(contents.response)) return finish(contents.response, contents.request_id);
  finish(io_.refusal(500, contents.request_id), contents.request_id);
}

void Connection::finish(const Response& response, const std::string& request_id) {
  Counters::add(io_.counters->pending, -1);
  const bool keep = keep_alive_ && !response.close && !io_.edge().stopping.load(std::memory_order_relaxed);
  state_ = keep ? State::head : State::ending;
  since_ = Clock::now();
  write(waiting_ ? *waiting_ : io_.burst, response,
        {.date = io_.date.now(),
         .request_id = request_id,
         .elapsed = since_ - received_,
         .to_head = to_head_,
         .keep_alive = keep});
}

void Connection::refuse_request(int status) {
  std::string request_id;
  if (exchange_) {
    request_id = exchange_->request_id();
    exchange_.reset();
  } else {
    io_.ids.next(request_id);
  }
  const auto now = Clock::now();
  const auto response = io_.refusal(status, request_id);
  write(waiting_ ? *waiting_ : io_.burst, response,
        {.date = io_.date.now(), .request_id = request_id, .elapsed = now - now_, .keep_alive = false});
  state_ = State::ending;
  unread_ = true;
  since_ = now;
}

void Connection::flush() {
  if (io_.burst.empty()) return;
  switch (io_.burst.send(descriptor_)) {
    case Output::Sent::all:
      return;
    case Output::Sent::failed:
      return close();
    case Output::Sent::blocked:
      break;
  }
  waiting_ = std::make_unique<Output>(std::exchange(io_.burst, {}));
  since_ = Clock::now();
  if (!std::exchange(watched_, true)) io_.watch_writes(descriptor_);
}

// Ends every event: sends what was answered, then does what had to wait for that.
void Connection::settle() {
  if (state_ == State::closed) return;
  flush();
  if (state_ == State::closed) return;
  if (!waiting_) {
    if (state_ == State::answering && exchange_) return hand_over();
    if (state_ == State::ending) end();
    if (input_over_ && (state_ == State::head || state_ == State::body)) close();
  }
  if (state_ != State::closed) schedule();
}

// After the last answer. Closing a socket with unread bytes resets it, and the client might never see the
// answer.
void Connection::end() {
  if (input_over_) return close();
  if (!unread_ && kept_.empty()) {
    const auto count = ::recv(descriptor_, io_.input.data(), io_.input.size(), 0);
    if (count <= 0) return close();
  }
  kept_ = {};
  kept_from_ = 0;
  ::shutdown(descriptor_, SHUT_WR);
  state_ = State::draining;
  since_ = Clock::now();
  readable_ = true;
  drain();
}

void Connection::hand_over() {
  const auto exchange = std::move(exchange_);
  const auto taken = std::move(exchange->contents().taken);
  auto leftover = kept_.substr(kept_from_);
  Counters::add(io_.counters->pending, -1);
  state_ = State::closed;
  const int descriptor = io_.release(descriptor_);
  if (descriptor >= 0) taken(descriptor, std::move(leftover));
}

void Connection::schedule() {
  const auto& options = io_.options();
  auto& deadlines = io_.deadlines;
  if (waiting_) return deadlines.set(descriptor_, since_ + options.write_timeout);
  switch (state_) {
    case State::head:
      if (kept_.empty() && kept_.capacity() > kIdleBuffer) kept_ = {};
      return deadlines.set(
          descriptor_, since_ + (served_ && kept_.empty() ? options.idle_timeout : options.header_timeout));
    case State::body:
      return deadlines.set(descriptor_, since_ + options.body_timeout +
                                            std::chrono::seconds(exchange_->body().size() / kBodyRate));
    case State::draining:
      return deadlines.set(descriptor_, since_ + kDrainTime);
    case State::answering:
    case State::ending:
    case State::closed:
      return deadlines.clear(descriptor_);
  }
}

// The client has stopped reading: nothing more can be said to it.
void Connection::reset() {
  const linger none{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  close();
}

}  // namespace stoa::core::http
