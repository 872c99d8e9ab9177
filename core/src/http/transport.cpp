#include "http/transport.hpp"

#include <fcntl.h>
#include <pistache/peer.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace stoa::core::http {

namespace {

using Pistache::Polling::Mode;
using Pistache::Polling::NotifyOn;
using Pistache::Polling::Tag;

std::chrono::milliseconds tick_of(const ServerOptions& options) {
  const auto shortest =
      std::min({options.header_timeout, options.body_timeout, options.idle_timeout, options.write_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(1000));
}

std::string peer_address(const Pistache::Tcp::Peer& peer) {
  constexpr std::string_view kMapped = "::ffff:";  // an IPv4 client of a socket that takes both
  auto address = peer.address().host();
  if (address.starts_with(kMapped) && address.find('.') != std::string::npos)
    address.erase(0, kMapped.size());
  return address;
}

}  // namespace

void Arrivals::onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  static_cast<Transport*>(transport())->arrive(peer);
}

Transport::Transport(std::shared_ptr<Edge> edge)
    : Pistache::Tcp::Transport(std::make_shared<Arrivals>()), IoThread(edge), shared_(std::move(edge)) {}

Transport::~Transport() {
  if (timer_ >= 0) ::close(timer_);
}

void Transport::registerPoller(Pistache::Polling::Epoll& poller) {
  Pistache::Tcp::Transport::registerPoller(poller);
  timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (timer_ < 0) throw std::system_error(errno, std::generic_category(), "timerfd");
  const Pistache::Flags<NotifyOn> reads(NotifyOn::Read);
  poller.addFd(timer_, reads, Tag(static_cast<std::uint64_t>(timer_)), Mode::Edge);
  const int letters = mailbox->descriptor();
  poller.addFd(letters, reads, Tag(static_cast<std::uint64_t>(letters)), Mode::Edge);
  const std::lock_guard lock(shared_->mutex);
  shared_->mailboxes.push_back(mailbox);
  shared_->counters.push_back(counters);
}

std::shared_ptr<Pistache::Aio::Handler> Transport::clone() const {
  return std::make_shared<Transport>(shared_);
}

void Transport::onReady(const Pistache::Aio::FdSet& events) {
  if (!std::exchange(running_, true)) mailbox->adopt();
  bool letters = false, ticked = false;
  std::vector<Pistache::Polling::Event> others;
  for (const auto& entry : events) {
    // The entry hides what it is: only so can the flag for a peer that has closed its side be seen.
    const auto& event = (const Pistache::Polling::Event&)entry;
    const int descriptor = static_cast<int>(event.tag.value());
    if (descriptor == mailbox->descriptor()) {
      letters = true;
    } else if (descriptor == timer_) {
      ticked = true;
    } else if (auto* connection = find(descriptor)) {
      deliver(*connection, event);
    } else if (entry.isReadable()) {
      others.push_back(event);  // of a descriptor it does not know the base throws, unless it is readable
    }
  }
  if (!others.empty()) take_arrivals(std::move(others));
  if (letters) read_mail();
  if (ticked) tick();
  take_turns();
  dropped_.clear();
}

Connection* Transport::find(int descriptor) {
  const auto index = static_cast<std::size_t>(descriptor);
  return index < connections_.size() ? connections_[index].get() : nullptr;
}

template <class Event>
void Transport::guarded(Connection& connection, Event event) {
  try {
    event(connection);
  } catch (...) {
    connection.close();
  }
}

void Transport::deliver(Connection& connection, const Pistache::Polling::Event& event) {
  guarded(connection, [&event](Connection& of) {
    const bool hangup = event.flags.hasFlag(NotifyOn::Hangup);
    const bool readable =
        event.flags.hasFlag(NotifyOn::Read) || event.flags.hasFlag(NotifyOn::Shutdown) || hangup;
    const bool writable = event.flags.hasFlag(NotifyOn::Write);
    if (writable && of.blocked()) of.on_writable();
    // A bare error has no flag here; reading will tell.
    if (readable || !writable) of.on_readable(hangup || event.flags.hasFlag(NotifyOn::Shutdown));
    if (hangup) of.on_hangup();
  });
}

void Transport::take_arrivals(std::vector<Pistache::Polling::Event>&& events) {
  bool registered = true;
  try {
    Pistache::Tcp::Transport::onReady(Pistache::Aio::FdSet(std::move(events)));
  } catch (...) {
    registered = false;  // the system has no watch left for the last one
  }
  const auto arrived = std::exchange(arrived_, {});
  for (const int descriptor : arrived) {
    auto* connection = find(descriptor);
    if (!connection) continue;
    const auto open = shared_->open();
    const auto limit = options().max_connections;
    if (abandoned_ || open > limit + shared_->refused_at_once ||
        (!registered && descriptor == arrived.back())) {
      connection->close();
    } else if (open > limit) {
      guarded(*connection, [](Connection& of) { of.refuse(503); });
    } else if (shared_->stopping.load(std::memory_order_relaxed)) {
      guarded(*connection, [](Connection& of) { of.on_finish(); });
    }
  }
}

void Transport::arrive(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  const int descriptor = peer->fd();
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= connections_.size()) connections_.resize(std::max(index + 1, 2 * connections_.size()));
  connections_[index] = std::make_shared<Connection>(*this, descriptor, peer_address(*peer));
  arrived_.push_back(descriptor);
  ++open_;
  shared_->connections.fetch_add(1, std::memory_order_relaxed);
  arm(true);
}

void Transport::watch_writes(int descriptor) {
  reactor()->modifyFd(key(), descriptor, NotifyOn::Read | NotifyOn::Shutdown | NotifyOn::Write, Mode::Edge);
}

void Transport::drop(int descriptor) {
  dropped_.push_back(std::move(connections_[static_cast<std::size_t>(descriptor)]));
  deadlines.clear(descriptor);
  try {
    const auto peer = peers.at(descriptor);
    removePeer(peer);
  } catch (...) {
    ::close(descriptor);  // it was not watched, and removePeer gave up before closing it
  }
  --open_;
  shared_->connections.fetch_sub(1, std::memory_order_acq_rel);
  if (!shared_->stopping.load()) return;
  const std::lock_guard lock(shared_->mutex);
  shared_->changed.notify_all();
}

int Transport::release(int descriptor) {
  const int duplicate = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  drop(descriptor);
  return duplicate;
}

void Transport::read_mail() {
  mailbox->take(mail_);
  for (auto& message : mail_) {
    if (auto* answered = std::get_if<Answered>(&message)) {
      if (const auto connection = answered->exchange->connection())
        guarded(*connection, [&](Connection& of) { of.on_answer(*answered->exchange); });
    } else if (auto* dropped = std::get_if<Dropped>(&message)) {
      if (const auto connection = dropped->connection.lock())
        guarded(*connection, [&](Connection& of) { of.on_drop(dropped->serial, dropped->request_id); });
    } else {
      obey(std::get<Command>(message));
    }
  }
  mail_.clear();
}

void Transport::obey(Command command) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    if (!connections_[i]) continue;
    switch (command) {
      case Command::finish: guarded(*connections_[i], [](Connection& of) { of.on_finish(); }); break;
      case Command::abandon: connections_[i]->close(); break;
    }
  }
  if (command != Command::abandon) return;
  abandoned_ = true;
  mailbox->close();
  const std::lock_guard lock(shared_->mutex);
  ++shared_->abandoned;
  shared_->changed.notify_all();
}

void Transport::tick() {
  std::uint64_t expirations = 0;  // a timer that is not read does not fire again
  if (::read(timer_, &expirations, sizeof expirations) < 0) return;
  for (const int descriptor : deadlines.due(std::chrono::steady_clock::now()))
    if (auto* connection = find(descriptor)) guarded(*connection, [](Connection& of) { of.on_deadline(); });
  if (open_ == 0) arm(false);
}

void Transport::take_turns() {
  for (const int descriptor : std::exchange(again_, {}))
    if (auto* connection = find(descriptor)) guarded(*connection, [](Connection& of) { of.on_turn(); });
  if (!again_.empty()) mailbox->wake();
}

void Transport::arm(bool on) {
  if (armed_ == on) return;
  armed_ = on;
  const auto period = on ? tick_of(options()) : std::chrono::milliseconds(0);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(period);
  const timespec step{.tv_sec = seconds.count(),
                      .tv_nsec = std::chrono::nanoseconds(period - seconds).count()};
  const itimerspec spec{.it_interval = step, .it_value = step};
  ::timerfd_settime(timer_, 0, &spec, nullptr);
}

}  // namespace stoa::core::http
