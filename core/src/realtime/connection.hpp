// One client. Its messages are taken one after the other: the next waits until the one before is answered.
// [hub]
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "realtime/catch_up.hpp"
#include "realtime/channels.hpp"
#include "realtime/hub.hpp"
#include "realtime/link.hpp"
#include "realtime/outbox.hpp"
#include "realtime/protocol.hpp"

namespace stoa::core::realtime {

class Switchboard;

class Connection final : public Subscriber,
                         public Link::Listener,
                         public std::enable_shared_from_this<Connection> {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Connection(Switchboard& board, std::string id, std::shared_ptr<Link> link);

  void open(std::string_view request, std::string leftover) {
    link_->open(*this, request, std::move(leftover));
  }
  const std::string& id() const { return id_; }
  const std::shared_ptr<Link>& link() const { return link_; }
  const std::optional<Member>& member() const { return member_; }
  void set_member(Member member) { member_ = std::move(member); }
  bool closed() const { return closed_; }

  // Live events are held while a replay is under way.
  bool catching_up() const { return catch_up_ != nullptr; }
  void hold(const EventPtr& event);
  // Queued; the caller sees to the flush. Drops the connection when it is too far behind.
  void send(Text text, Weight weight);
  bool congested() const { return link_->congested(); }
  Time last_sent() const { return last_sent_; }
  void flush();
  bool mark_unsent() { return !std::exchange(unsent_, true); }
  void clear_unsent() { unsent_ = false; }

  // Heartbeat.
  void check(Time now);
  // The log's head has moved, or time has passed.
  void published(Time now);
  // Leaves those of the channels that it has asked for, and says so.
  void expel(std::span<const std::string> channels, std::string_view reason);
  // An authorisation that is under way may have been given before rights changed: it is asked again.
  void doubt(const std::function<bool(const std::string&)>& concerned);
  void recheck();
  // Leaves everything and closes the link. Only by Switchboard.
  void shut(std::uint16_t code);
  // The same when the link is gone already.
  void vanish();

  void on_open() override;
  void on_message(std::string_view payload, bool text) override;
  void on_control() override;
  void on_oversized() override;
  void on_drained() override;
  void on_closed() override;

 private:
  struct Subscription {
    MessageId id;
    std::vector<std::string> channels;  // all that were asked for
    std::vector<std::string> unknown;   // those the backend has to authorise
    std::optional<std::uint64_t> since;
    bool doubted = false;
  };

  // connection.cpp: the link.
  bool count_frame();
  void answer(std::string frame);
  void refuse(MessageId id, std::string_view type, std::string_view detail);
  void process(std::string_view text);
  void next_message();
  void push_out();
  void leave_all();
  // A callback for the backend: runs `then` on the hub's thread, once, if the connection still waits for it.
  template <class Value>
  std::function<void(Value)> when_answered(std::function<void(Connection&, Value)> then);

  // operations.cpp
  void perform(ClientMessage message, std::string_view text);
  void authenticate(ClientMessage message);
  void authenticated(MessageId id, std::optional<Member> member);
  void subscribe(ClientMessage message);
  void authorize();
  void authorized(const std::vector<Verdict>& verdicts);
  void refuse_channel(MessageId id, Verdict verdict, const std::string& channel);
  void join();
  void unsubscribe(const ClientMessage& message);
  void set_idle(const ClientMessage& message);
  void operate(ClientMessage message, std::string_view text);
  void join_automatic(std::string_view channel);
  std::string own_channel() const;

  // replay.cpp
  void catch_up(Subscription subscription, std::vector<std::string> joined,
                std::vector<std::pair<std::string, std::uint64_t>> live_since);
  void fetch();
  void fetched(Backend::Replay replay);
  // What comes next once everything is out; false when nothing can be sent now.
  bool advance();
  bool replay(const Event& event);
  void finish(bool resync);
  void send_held(const Event& event);
  void send_resync(const CatchUp& state);
  // Live events up to this one are no news on these channels.
  void known_until(std::span<const std::string> channels, std::uint64_t seq);
  void abandon();

  Switchboard& board_;
  const std::string id_;
  const std::shared_ptr<Link> link_;
  std::optional<Member> member_;
  bool opened_ = false;
  bool closed_ = false;
  bool idle_ = false;
  bool unsent_ = false;
  bool paused_ = false;

  Outbox outbox_;
  Time last_sent_{};
  Time last_heard_;
  Time last_ping_;
  Time window_start_;
  int window_frames_ = 0;

  bool busy_ = false;                 // a message waits for the backend
  std::uint64_t ticket_ = 0;          // of the answer awaited
  std::vector<std::string> waiting_;  // messages behind it
  std::size_t waiting_bytes_ = 0;
  std::optional<Subscription> subscription_;  // being authorised
  std::unique_ptr<CatchUp> catch_up_;
};

}  // namespace stoa::core::realtime
