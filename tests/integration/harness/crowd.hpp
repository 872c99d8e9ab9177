// Thousands of WebSockets that listen to one channel, read by the calling thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/client.hpp"

namespace stoa::harness {

// Of one thread. Throws std::runtime_error when the server does or says anything else than is expected of it:
// a frame that is no event, an event out of turn, other bytes than everybody else got, a close; or when
// nothing comes for kPatience.
class Crowd {
 public:
  // Everybody listens to `channel`, as a stranger.
  Crowd(const Address& address, std::string channel);
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  // Closes what is open.
  ~Crowd();

  std::size_t size() const { return open_; }
  // Opens so many more, from loopback addresses in turn, and returns when all of them are subscribed.
  void join(std::size_t count);
  // Until everybody has got that many events since the crowd began (those who came later: the later ones).
  void await_events(std::size_t count);
  // An exchange of everybody with the server, behind all that it sent before: no event comes on the way.
  void expect_silence();
  // The texts of all events, in order, the same for everybody.
  const std::vector<std::string>& events() const { return events_; }

  // The sockets that joined first among those that are open: with a close frame that the server answers and
  // an end of the stream behind it, or with a reset.
  void close(std::size_t count);
  void reset(std::size_t count);

 private:
  struct Peer {
    enum class State : std::uint8_t {
      handshake,
      welcome,
      subscribing,
      listening,
      asking,
      closing,
      ending,
      closed
    };
    int fd = -1;
    State state = State::handshake;
    std::size_t next = 0;  // the event it waits for
    std::string unread;
  };

  void open(Peer& peer);
  void leave(Peer& peer);
  bool is_behind(std::size_t count) const;
  void wait();
  void receive(Peer& peer);
  // How many bytes were a whole thing; 0: more must come.
  std::size_t take(Peer& peer, std::string_view input);
  static std::size_t take_handshake(Peer& peer, std::string_view input);
  void take_text(Peer& peer, std::string_view text);
  // Where it ends.
  std::size_t take_event(Peer& peer, std::string_view text, std::size_t at);
  std::vector<Peer*> oldest(std::size_t count);

  const Address address_;
  const std::string channel_;
  const int poll_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::string> events_;
  std::size_t open_ = 0;
  std::size_t settled_ = 0;  // of those that join, ask or leave: how many have done it
};

}  // namespace stoa::harness
