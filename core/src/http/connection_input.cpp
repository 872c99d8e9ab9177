// The way in: from the socket to the application.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "http/connection.hpp"

namespace stoa::core::http {

namespace {

constexpr int kReadsInOneTurn = 16;
constexpr std::size_t kBurst = 128 * 1024;          // bytes of answers, sent before more are produced
constexpr std::size_t kBodyReserve = 64 * 1024;     // of an announced body, before any of it came
constexpr std::uint32_t kDrain = 64 * 1024 * 1024;  // bytes thrown away after a refusal
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

// Goes on where a blocked socket or a deferred answer had stopped it.
void Connection::resume() {
  now_ = std::chrono::steady_clock::now();
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
    refuse_request(progress.refusal, input);
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

}  // namespace stoa::core::http
