// Pistache's transport as an I/O thread of ours: it brings connections and events, and carries none of their
// bytes.
#pragma once

#include <pistache/tcp.h>
#include <pistache/transport.h>

#include <memory>
#include <vector>

#include "http/connection.hpp"
#include "http/io_thread.hpp"

namespace stoa::core::http {

// Tells the transport of each new connection; Pistache calls nothing else of it.
class Arrivals final : public Pistache::Tcp::Handler {
 public:
  void onInput(const char*, std::size_t, const std::shared_ptr<Pistache::Tcp::Peer>&) override {}
  void onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;
  std::shared_ptr<Pistache::Tcp::Handler> clone() const override { return std::make_shared<Arrivals>(); }
};

// The listener's factory makes a pattern, of which every I/O thread gets a clone.
class Transport final : public Pistache::Tcp::Transport, public IoThread {
 public:
  explicit Transport(std::shared_ptr<Edge> edge);
  ~Transport() override;

  // [lifecycle] Called for clones only, before their thread runs.
  void registerPoller(Pistache::Polling::Epoll& poller) override;
  std::shared_ptr<Pistache::Aio::Handler> clone() const override;

  // [io]
  void onReady(const Pistache::Aio::FdSet& events) override;
  void arrive(const std::shared_ptr<Pistache::Tcp::Peer>& peer);
  void watch_writes(int descriptor) override;
  void drop(int descriptor) override;
  int release(int descriptor) override;
  void again(int descriptor) override { again_.push_back(descriptor); }

 private:
  Connection* find(int descriptor);
  template <class Event>
  void guarded(Connection& connection, Event event);
  void deliver(Connection& connection, const Pistache::Polling::Event& event);
  void take_arrivals(std::vector<Pistache::Polling::Event>&& events);
  void read_mail();
  void obey(Command command);
  void tick();
  void take_turns();
  void arm(bool on);

  const std::shared_ptr<Edge> shared_;
  std::vector<std::shared_ptr<Connection>> connections_;  // by descriptor
  std::vector<std::shared_ptr<Connection>> dropped_;      // in the running event
  std::vector<int> arrived_;                              // the same
  std::vector<int> again_;
  std::vector<Message> mail_;
  std::size_t open_ = 0;
  int timer_ = -1;
  bool armed_ = false;
  bool running_ = false;
  bool abandoned_ = false;
};

}  // namespace stoa::core::http
