#include "http/connection.hpp"

#include <sys/socket.h>

#include <utility>

namespace stoa::core::http {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBodyRate = 8 * 1024;  // bytes that buy the sender of a body a second more
constexpr auto kDrainTime = std::chrono::seconds(3);
constexpr std::size_t kIdleBuffer = 512;

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
      refuse_request(408, std::string_view(kept_).substr(kept_from_));
      return settle();
    case State::body: return refuse(408);
    case State::answering: return;
    case State::ending:
    case State::draining: return close();
    case State::closed: return;
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
    case State::draining: return deadlines.set(descriptor_, since_ + kDrainTime);
    case State::answering:
    case State::ending:
    case State::closed: return deadlines.clear(descriptor_);
  }
}

// The client has stopped reading: nothing more can be said to it.
void Connection::reset() {
  const linger none{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  close();
}

}  // namespace stoa::core::http
