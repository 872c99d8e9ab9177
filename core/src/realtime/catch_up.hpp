// A "subscribe" with "since" under way: the log is replayed page by page as the socket drains. Live events of
// the connection wait meanwhile, so that none overtakes its own replay; when they become too many they are
// forgotten and replayed too. [hub]
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "realtime/channels.hpp"
#include "realtime/frames.hpp"

namespace stoa::core::realtime {

struct CatchUp {
  MessageId id;
  std::vector<std::string> asked;
  std::vector<std::string> joined;  // those of them that were not joined before
  // Channels that were live without asking, since this event: its replay ends there.
  std::vector<std::pair<std::string, std::uint64_t>> live_since;

  std::vector<std::string> scope;  // whose events are being replayed
  std::uint64_t cursor = 0;        // everything up to here was sent
  std::uint64_t until = 0;         // everything behind waits in `held`, unless forgotten
  std::size_t sent = 0;
  bool fetching = false;
  bool more = true;
  bool widened = false;  // to everything joined, after `held` was forgotten

  std::vector<EventPtr> held;
  bool forgotten = false;
  std::optional<std::chrono::steady_clock::time_point> give_up;  // waits for the log to reach `cursor`

  void hold(const EventPtr& event, std::size_t limit) {
    if (forgotten) return;
    held.push_back(event);
    if (held.size() <= limit) return;
    held.clear();
    forgotten = true;
  }

  // The event has not come on that channel before, or is asked for again.
  bool is_news(const Membership& membership, std::uint64_t seq) const {
    if (widened) return seq > membership.live_from;
    const std::string& name = membership.channel->name;
    for (const auto& [channel, begin] : live_since) {
      if (channel == name) return seq <= begin;
    }
    return std::find(asked.begin(), asked.end(), name) != asked.end() || seq <= membership.live_from;
  }
};

}  // namespace stoa::core::realtime
