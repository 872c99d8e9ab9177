// What a poll is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <stoa/id.hpp>

namespace stoa::polls {

using PollId = Id<struct PollTag>;
using OptionId = Id<struct OptionTag>;

struct Poll {
  PollId id;
  UserId author;
  std::string question;
  std::int64_t created_at = 0;
  std::int64_t closes_at = 0;
  bool closed = false;
};

struct Option {
  OptionId id;
  std::string text;
  std::int64_t votes = 0;
};

struct PollWithOptions {
  Poll poll;
  std::vector<Option> options;
  std::uint64_t seq = 0;  // of the log, in the same snapshot
};

struct NewPoll {
  UserId author;
  std::string question;
  std::vector<std::string> options;
  std::int64_t days = 0;
};

// Channel, cache tag and subject of events are called alike.
inline std::string name_of(PollId id) {
  return "poll:" + std::to_string(id.value);
}

}  // namespace stoa::polls
