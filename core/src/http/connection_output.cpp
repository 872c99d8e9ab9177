// The way out: from the application to the socket, and the end of the connection.
#include <sys/socket.h>

#include <utility>

#include "http/connection.hpp"
#include "http/writer.hpp"

namespace stoa::core::http {

namespace {
using Clock = std::chrono::steady_clock;
}

void Connection::answer(LiveExchange& exchange) {
  auto& contents = exchange.contents();
  if (contents.taken) {
    exchange_ = exchange.shared_from_this();  // settle() hands over when all earlier answers are out
    return;
  }
  if (is_sendable(contents.response)) return finish(contents.response, contents.request_id, contents.owner);
  finish(io_.refusal(500, contents.request_id), contents.request_id, contents.owner);
}

void Connection::finish(const Response& response, const std::string& request_id, std::string_view owner) {
  Counters::add(io_.counters->pending, -1);
  const bool keep = keep_alive_ && !response.close && !io_.edge().stopping.load(std::memory_order_relaxed);
  state_ = keep ? State::head : State::ending;
  since_ = Clock::now();
  io_.application().answered(owner, response.status, since_ - received_);
  write(waiting_ ? *waiting_ : io_.burst, response,
        {.date = io_.date.now(),
         .request_id = request_id,
         .elapsed = since_ - received_,
         .to_head = to_head_,
         .keep_alive = keep});
}

void Connection::refuse_request(int status, std::string_view head) {
  std::string request_id;
  bool to_head = head.starts_with("HEAD ");
  if (exchange_) {
    to_head = exchange_->head().method == Method::head;
    request_id = exchange_->request_id();
    exchange_.reset();
  } else {
    io_.ids.next(request_id);
  }
  const auto now = Clock::now();
  const auto response = io_.refusal(status, request_id);
  io_.application().answered({}, response.status, now - now_);
  write(waiting_ ? *waiting_ : io_.burst, response,
        {.date = io_.date.now(),
         .request_id = request_id,
         .elapsed = now - now_,
         .to_head = to_head,
         .keep_alive = false});
  state_ = State::ending;
  unread_ = true;
  since_ = now;
}

void Connection::flush() {
  if (io_.burst.empty()) return;
  switch (io_.burst.send(descriptor_)) {
    case Output::Sent::all: return;
    case Output::Sent::failed: return close();
    case Output::Sent::blocked: break;
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

}  // namespace stoa::core::http
