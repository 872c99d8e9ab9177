#include "realtime/connection.hpp"

#include "realtime/switchboard.hpp"

namespace stoa::core::realtime {
namespace {

constexpr std::uint16_t kMalformed = 4400;
constexpr std::uint16_t kNoHeartbeat = 4408;
constexpr std::uint16_t kTooLarge = 4413;
constexpr std::uint16_t kTooFast = 4429;

constexpr std::chrono::seconds kRateWindow{10};
// Messages behind one that waits for its answer; beyond, no more are read.
constexpr std::size_t kWaitingMessages = 64;
constexpr std::size_t kWaitingBytes = 128 * 1024;

}  // namespace

Connection::Connection(Switchboard& board, std::string id, std::shared_ptr<Link> link)
    : board_(board),
      id_(std::move(id)),
      link_(std::move(link)),
      last_heard_(std::chrono::steady_clock::now()) {
  last_ping_ = last_heard_;
  window_start_ = last_heard_;
}

void Connection::hold(const EventPtr& event) {
  catch_up_->hold(event, board_.options().backlog_messages);
}

void Connection::send(Text text, Weight weight) {
  if (closed_) return;
  outbox_.push(std::move(text), weight);
  const auto behind = [&] {
    return outbox_.messages() > board_.options().backlog_messages ||
           outbox_.bytes() > board_.options().backlog_bytes;
  };
  if (!behind()) return;
  push_out();
  if (!behind()) return;
  outbox_.drop_ephemeral();
  if (behind()) board_.drop_slow(*this);
}

void Connection::flush() {
  if (closed_) return;
  do {
    push_out();
  } while (!closed_ && catch_up_ && outbox_.empty() && !link_->congested() && advance());
}

void Connection::push_out() {
  while (!outbox_.empty() && !link_->congested()) {
    link_->send(outbox_.take());
    last_sent_ = std::chrono::steady_clock::now();
  }
}

void Connection::check(Time now) {
  const auto heartbeat = board_.options().heartbeat;
  if (now - last_heard_ >= 2 * heartbeat) return board_.drop(*this, kNoHeartbeat);
  if (!opened_ || now - last_ping_ < heartbeat) return;
  last_ping_ = now;
  link_->ping();
}

void Connection::expel(std::span<const std::string> channels, std::string_view reason) {
  std::vector<std::string> left;
  for (const std::string& channel : channels) {
    Membership* membership = this->membership(channel);
    if (!membership || membership->automatic) continue;
    board_.channels().leave(*membership);
    left.push_back(channel);
  }
  if (left.empty()) return;
  send(std::make_shared<const std::string>(unsubscribed_frame(left, reason)), Weight::counted);
  board_.flush_later(*this);
}

void Connection::shut(std::uint16_t code) {
  leave_all();
  if (opened_) push_out();
  outbox_.clear();
  link_->close(code);
}

void Connection::vanish() {
  outbox_.clear();
  leave_all();
}

void Connection::leave_all() {
  closed_ = true;
  while (!memberships().empty()) board_.channels().leave(*memberships().back());
  if (opened_ && member_) {
    board_.presence_book().gone(member_->user_id, idle_, std::chrono::steady_clock::now());
  }
}

void Connection::on_open() {
  opened_ = true;
  join_automatic("system");
  if (member_) {
    join_automatic(own_channel());
    board_.presence_book().arrived(member_->user_id);
  }
  answer(welcome_frame(id_, member_, board_.seen(), board_.options().heartbeat));
}

void Connection::on_message(std::string_view payload, bool text) {
  const auto self = shared_from_this();
  if (!count_frame()) return;
  if (!text) return board_.drop(*this, kMalformed);
  if (!busy_) return process(payload);
  waiting_.emplace_back(payload);
  waiting_bytes_ += payload.size();
  if (waiting_.size() < kWaitingMessages && waiting_bytes_ < kWaitingBytes) return;
  paused_ = true;
  link_->pause();
}

void Connection::on_control() {
  const auto self = shared_from_this();
  count_frame();
}

void Connection::on_oversized() {
  board_.drop(*this, kTooLarge);
}

void Connection::on_drained() {
  const auto self = shared_from_this();
  flush();
}

void Connection::on_closed() {
  board_.forget(*this);
}

bool Connection::count_frame() {
  last_heard_ = std::chrono::steady_clock::now();
  if (last_heard_ - window_start_ >= kRateWindow) {
    window_start_ = last_heard_;
    window_frames_ = 0;
  }
  const int limit = board_.options().frames_per_10s;
  if (++window_frames_ <= limit || limit == 0) return true;
  board_.drop(*this, kTooFast);
  return false;
}

void Connection::answer(std::string frame) {
  send(std::make_shared<const std::string>(std::move(frame)), Weight::counted);
  flush();
}

void Connection::refuse(MessageId id, std::string_view type, std::string_view detail) {
  answer(error_frame(id, board_.backend().problem(type, detail)));
}

void Connection::process(std::string_view text) {
  auto message = parse_client_message(text);
  if (!message) return board_.drop(*this, kMalformed);
  if (!message->fault.empty()) return refuse(message->id, "malformed", message->fault);
  perform(*std::move(message), text);
}

void Connection::next_message() {
  busy_ = false;
  while (!busy_ && !closed_ && !waiting_.empty()) {
    const std::string text = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    waiting_bytes_ -= text.size();
    process(text);
  }
  if (closed_ || busy_ || !paused_) return;
  paused_ = false;
  link_->resume();
}

}  // namespace stoa::core::realtime
