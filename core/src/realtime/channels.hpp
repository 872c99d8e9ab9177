// Who listens to which channel. [hub]
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/event.hpp"

namespace stoa::core::realtime {

class Subscriber;
struct Channel;

struct Membership {
  Channel* channel = nullptr;
  Subscriber* subscriber = nullptr;
  std::uint32_t place = 0;      // in Channel::members
  bool automatic = false;       // joined without asking
  bool asked = false;           // by the client itself
  std::uint64_t live_from = 0;  // live events behind this one come here
  std::uint64_t serial = 0;     // of this joining
};

struct Channel {
  std::string name;
  std::vector<Membership*> members;
};

// Somebody who can join channels. Must have left all of them before it is destroyed.
class Subscriber {
 public:
  Subscriber() = default;
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  Membership* membership(std::string_view channel) const;
  const std::vector<std::unique_ptr<Membership>>& memberships() const { return memberships_; }

 protected:
  ~Subscriber() = default;

 private:
  friend class Channels;
  friend class Audience;
  std::vector<std::unique_ptr<Membership>> memberships_;
  std::uint64_t audience_round_ = 0;
  std::uint32_t audience_set_ = 0;
};

class Channels {
 public:
  // The membership that is there already, or a new one.
  Membership& join(Subscriber& subscriber, std::string_view channel);
  // The membership is destroyed, and with its last one the channel.
  void leave(Membership& membership);
  const Channel* find(std::string_view channel) const;
  // Channels whose names begin with the prefix.
  std::vector<const Channel*> beginning_with(std::string_view prefix) const;
  // [any-thread]
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  // Keys are views of Channel::name.
  std::unordered_map<std::string_view, std::unique_ptr<Channel>> channels_;
  std::atomic<std::size_t> size_ = 0;
  std::uint64_t next_serial_ = 0;
};

// Everybody who gets an event, each once, with those of its channels they have joined. Equal lists of
// channels are one set, so that their message is built once. Reused from event to event; the results hold
// until the next assign().
class Audience {
 public:
  struct Target {
    Subscriber* subscriber;
    std::uint32_t set;
  };
  void assign(const Channels& channels, const Event& event);
  const std::vector<Target>& targets() const { return targets_; }
  std::size_t sets() const { return used_; }
  // In the order of Event::channels; views of its strings.
  std::span<const std::string_view> channels_of(std::uint32_t set) const { return sets_[set]; }

 private:
  std::uint32_t add_set(std::uint32_t base, std::string_view channel);

  std::uint64_t round_ = 0;
  std::vector<Target> targets_;
  std::vector<Subscriber*> found_;
  std::vector<std::vector<std::string_view>> sets_;  // the first is empty
  std::size_t used_ = 0;
  std::vector<std::uint32_t> with_;  // set -> the same with the present channel; 0: not there yet
};

}  // namespace stoa::core::realtime
