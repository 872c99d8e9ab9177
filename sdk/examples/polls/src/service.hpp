// The rules of polls: transactions, events, who may do what. No JSON of requests, no SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <stoa/stoa.hpp>

#include "model.hpp"
#include "settings.hpp"

namespace stoa::polls {

inline constexpr std::string_view kCreate =
    "polls.poll.create/1";                               // hook: {"author_id","question","options"}
inline constexpr std::string_view kClosing = "closing";  // queue: {"id"}
inline constexpr std::string_view kAsk = "polls.ask";    // permissions
inline constexpr std::string_view kModerate = "polls.moderate";

class Service {
 public:
  Service(App& app, const SettingsHolder& settings);

  // [worker] Errors: validation, what a filter of kCreate says.
  Result<PollWithOptions> create(NewPoll poll);
  // [worker] Error: not_found.
  Result<PollWithOptions> get(PollId id);
  Result<std::vector<Poll>> latest();
  Result<std::optional<OptionId>> vote_of(PollId id, UserId user);
  // [worker] Errors: not_found, conflict (closed, or a vote is final), validation (no such answer).
  Result<PollWithOptions> vote(PollId id, UserId user, OptionId option);
  // [worker][jobs] Closed once; closing it again changes nothing. Error: not_found.
  Result<void> close(PollId id);
  // [worker] Errors: not_found, forbidden.
  Result<void> remove(PollId id, const User& user, bool moderator);
  // [worker] Whether every "[poll:7]" in that text names a poll; else the first that does not.
  Result<std::optional<PollId>> missing(std::string_view text);
  // [lifecycle] Shows what is open already.
  Result<void> count_open();

 private:
  Result<NewPoll> filtered(NewPoll poll);

  App& app_;
  const SettingsHolder& settings_;
  const Counter votes_;
  const Gauge open_;
};

}  // namespace stoa::polls
