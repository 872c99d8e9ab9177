#include "realtime/switchboard.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <random>

#include "realtime/connection.hpp"

namespace stoa::core::realtime {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{10};
constexpr milliseconds kLinger{1'000};
constexpr std::chrono::minutes kEndedKept{5};
constexpr std::uint16_t kSessionEnded = 4401;
constexpr std::uint16_t kTooSlow = 4429;
constexpr std::string_view kPresenceChannel = "presence";

std::string random_prefix() {
  std::random_device source;
  char out[10];
  std::snprintf(out, sizeof out, "%08x-", static_cast<unsigned>(source()));
  return out;
}

milliseconds beat_period(milliseconds heartbeat) {
  return std::clamp(heartbeat / 4, milliseconds{5}, milliseconds{1'000});
}

Text share(std::string frame) {
  return std::make_shared<const std::string>(std::move(frame));
}

}  // namespace

Switchboard::Switchboard(const HubOptions& options, Backend& backend, std::shared_ptr<Inbox> inbox,
                         Alarms& alarms, MakeLink make_link)
    : options_(options),
      backend_(backend),
      inbox_(std::move(inbox)),
      alarms_(alarms),
      make_link_(std::move(make_link)),
      presence_(options.presence_grace,
                [this](std::int64_t user_id, Presence presence) { presence_changed(user_id, presence); }),
      id_prefix_(random_prefix()) {}

Switchboard::~Switchboard() = default;

void Switchboard::begin(std::uint64_t head) {
  seen_ = head;
  alarms_.arm(Alarm::beat, beat_period(options_.heartbeat));
}

void Switchboard::handle(std::vector<Command> commands) {
  for (Command& command : commands) {
    std::visit([this](auto& asked) { take(asked); }, command);
  }
  tell_watchers();
  settle();
}

void Switchboard::ring(Alarm alarm) {
  switch (alarm) {
    case Alarm::flush:
      for (const auto& connection : std::exchange(held_back_, {})) {
        connection->clear_unsent();
        connection->flush();
      }
      break;
    case Alarm::beat: beat(); break;
    case Alarm::presence: tell_presence(); break;
    case Alarm::grace:
      presence_.expire(std::chrono::steady_clock::now());
      await_grace();
      break;
    case Alarm::linger: end_links(); break;
  }
  settle();
}

void Switchboard::close_all(std::uint16_t code) {
  for (Connection* connection : all_connections()) drop(*connection, code);
  presence_.clear();
  settle();
}

void Switchboard::abort_links() {
  for (const auto& [time, closing] : std::exchange(closing_, {})) {
    if (const auto link = closing.lock()) link->abort();
  }
}

HubStats Switchboard::stats() const {
  return {.connections = connection_count_.load(std::memory_order_relaxed),
          .channels = channels_.size(),
          .delivered = delivered_.load(std::memory_order_relaxed),
          .dropped_slow = dropped_slow_.load(std::memory_order_relaxed)};
}

bool Switchboard::assign(Connection& connection, const Member& member) {
  auto& own = users_[member.user_id];
  if (own.size() >= options_.connections_per_user) return false;
  own.push_back(&connection);
  return true;
}

void Switchboard::flush_later(Connection& connection) {
  if (connection.mark_unsent()) unsent_.push_back(connection.shared_from_this());
}

void Switchboard::drop(Connection& connection, std::uint16_t code) {
  if (connection.closed()) return;
  connection.shut(code);
  closing_.emplace_back(std::chrono::steady_clock::now() + kLinger, connection.link());
  alarms_.arm(Alarm::linger, kLinger);
  remove(connection);
}

void Switchboard::drop_slow(Connection& connection) {
  dropped_slow_.fetch_add(1, std::memory_order_relaxed);
  drop(connection, kTooSlow);
}

void Switchboard::forget(Connection& connection) {
  if (connection.closed()) return;
  connection.vanish();
  closing_.emplace_back(std::chrono::steady_clock::now() + kLinger, connection.link());
  alarms_.arm(Alarm::linger, kLinger);
  remove(connection);
}

void Switchboard::remove(Connection& connection) {
  if (const auto& member = connection.member()) {
    auto& own = users_[member->user_id];
    std::erase(own, &connection);
    if (own.empty()) users_.erase(member->user_id);
  }
  const auto found = connections_.find(connection.id());
  removed_.push_back(std::move(found->second));
  connections_.erase(found);
  connection_count_.store(connections_.size(), std::memory_order_relaxed);
  alarms_.arm(Alarm::flush, kTick);
  await_grace();
}

void Switchboard::await_grace() {
  const auto expiry = presence_.next_expiry();
  if (!expiry) return;
  const auto delay = std::chrono::ceil<milliseconds>(*expiry - std::chrono::steady_clock::now());
  alarms_.arm(Alarm::grace, std::max(milliseconds{0}, delay));
}

void Switchboard::watch_head(Connection& connection) {
  watchers_.push_back(connection.weak_from_this());
}

void Switchboard::take(Accept& accept) {
  const auto& member = accept.member;
  const auto own = member ? users_.find(member->user_id) : users_.end();
  if (connections_.size() >= options_.max_connections ||
      (own != users_.end() && own->second.size() >= options_.connections_per_user)) {
    return refuse(std::move(accept.socket));
  }
  auto link = make_link_(std::move(accept.socket));
  if (!link) return;
  std::string id = id_prefix_ + std::to_string(++next_id_);
  auto connection = std::make_shared<Connection>(*this, id, std::move(link));
  if (member && assign(*connection, *member)) connection->set_member(*member);
  connections_.emplace(std::move(id), connection);
  connection_count_.store(connections_.size(), std::memory_order_relaxed);
  connection->open(accept.request, std::move(accept.leftover));
  if (member && has_ended(member->session_id)) drop(*connection, kSessionEnded);
}

void Switchboard::take(Publish& publish) {
  for (const EventPtr& event : publish.events) deliver(event);
}

void Switchboard::deliver(const EventPtr& event) {
  if (event->seq <= seen_) return;
  seen_ = event->seq;
  audience_.assign(channels_, *event);
  frames_.assign(audience_.sets(), nullptr);
  for (const auto& [subscriber, set] : audience_.targets()) {
    auto& connection = static_cast<Connection&>(*subscriber);
    if (connection.catching_up()) {
      connection.hold(event);
      continue;
    }
    if (!frames_[set]) frames_[set] = share(event_frame(*event, audience_.channels_of(set), false));
    connection.send(frames_[set], Weight::counted);
    flush_later(connection);
  }
  delivered_.fetch_add(audience_.targets().size(), std::memory_order_relaxed);
}

void Switchboard::take(Ephemeral& ephemeral) {
  const Channel* channel = channels_.find(ephemeral.channel);
  if (!channel) return;
  const Text frame = share(ephemeral_frame(ephemeral.channel, ephemeral.type, ephemeral.data));
  // A connection that is dropped for being slow leaves the channel.
  const std::vector<Membership*> members = channel->members;
  std::vector<Connection*> targets;
  targets.reserve(members.size());
  for (const Membership* member : members) targets.push_back(static_cast<Connection*>(member->subscriber));
  for (Connection* connection : targets) {
    if (connection->id() == ephemeral.except_connection) continue;
    connection->send(frame, Weight::ephemeral);
    flush_later(*connection);
    delivered_.fetch_add(1, std::memory_order_relaxed);
  }
}

void Switchboard::take(Revoke& revoke) {
  for (Connection* connection : connections_of(revoke.user_id)) {
    connection->doubt([&](const std::string& channel) { return channel == revoke.channel; });
    connection->expel({&revoke.channel, 1}, "forbidden");
  }
}

void Switchboard::take(Withdraw& withdraw) {
  std::map<Connection*, std::vector<std::string>> leaving;
  const auto meant = [&](std::string_view channel) {
    return withdraw.prefix.ends_with(':') ? channel.starts_with(withdraw.prefix) : channel == withdraw.prefix;
  };
  for (const Channel* channel : channels_.beginning_with(withdraw.prefix)) {
    if (!meant(channel->name)) continue;
    for (const Membership* member : channel->members) {
      leaving[static_cast<Connection*>(member->subscriber)].push_back(channel->name);
    }
  }
  for (Connection* connection : all_connections()) {
    connection->doubt([&](const std::string& channel) { return meant(channel); });
  }
  for (const auto& [connection, channels] : leaving) connection->expel(channels, withdraw.reason);
}

void Switchboard::take(EndSession& end) {
  const Time now = std::chrono::steady_clock::now();
  std::erase_if(ended_, [&](const auto& other) { return now - other.second > kEndedKept; });
  ended_[end.session_id] = now;
  for (Connection* connection : all_connections()) {
    const auto& member = connection->member();
    if (member && member->session_id == end.session_id) drop(*connection, kSessionEnded);
  }
}

void Switchboard::take(RecheckUser& recheck) {
  for (Connection* connection : connections_of(recheck.user_id)) connection->recheck();
}

void Switchboard::take(Answer& answer) {
  answer.deliver();
}

void Switchboard::settle() {
  const Time now = std::chrono::steady_clock::now();
  for (auto& connection : std::exchange(unsent_, {})) {
    if (now - connection->last_sent() < kTick) {
      held_back_.push_back(std::move(connection));
      continue;
    }
    connection->clear_unsent();
    connection->flush();
  }
  if (!held_back_.empty()) alarms_.arm(Alarm::flush, kTick);
  removed_.clear();
}

void Switchboard::tell_watchers() {
  const Time now = std::chrono::steady_clock::now();
  for (const auto& watcher : std::exchange(watchers_, {})) {
    if (const auto connection = watcher.lock()) connection->published(now);
  }
}

void Switchboard::beat() {
  const Time now = std::chrono::steady_clock::now();
  for (Connection* connection : all_connections()) connection->check(now);
  tell_watchers();
  alarms_.arm(Alarm::beat, beat_period(options_.heartbeat));
}

void Switchboard::tell_presence() {
  const PresenceChanges changes = presence_.take_changes();
  if (changes.empty()) return;
  Ephemeral message{.channel = std::string(kPresenceChannel),
                    .type = "presence.changed",
                    .data = presence_data(changes),
                    .except_connection = {}};
  take(message);
}

void Switchboard::presence_changed(std::int64_t user_id, Presence presence) {
  backend_.presence_changed(user_id, presence);
  alarms_.arm(Alarm::presence, options_.presence_tick);
}

void Switchboard::end_links() {
  const Time now = std::chrono::steady_clock::now();
  while (!closing_.empty() && closing_.front().first <= now) {
    if (const auto link = closing_.front().second.lock()) link->abort();
    closing_.pop_front();
  }
  if (!closing_.empty()) {
    alarms_.arm(Alarm::linger, std::chrono::ceil<milliseconds>(closing_.front().first - now));
  }
}

void Switchboard::refuse(Descriptor socket) {
  const std::string body = backend_.problem("overloaded", "Too many connections.");
  const std::string answer =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nCache-Control: "
      "no-store\r\n"
      "Retry-After: 10\r\nConnection: close\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  static_cast<void>(::send(socket.get(), answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  ::shutdown(socket.get(), SHUT_WR);
}

std::vector<Connection*> Switchboard::connections_of(std::int64_t user_id) const {
  const auto found = users_.find(user_id);
  return found == users_.end() ? std::vector<Connection*>{} : found->second;
}

std::vector<Connection*> Switchboard::all_connections() const {
  std::vector<Connection*> all;
  all.reserve(connections_.size());
  for (const auto& [id, connection] : connections_) all.push_back(connection.get());
  return all;
}

}  // namespace stoa::core::realtime
