// One method for each statement in sql/.
#pragma once

#include <optional>
#include <vector>

#include <stoa/storage.hpp>

#include "model.hpp"

namespace stoa::polls {

class Repository {
 public:
  explicit Repository(Tx& tx) : tx_(tx) {}

  Result<PollId> insert(const NewPoll& poll, std::int64_t now, std::int64_t closes_at);
  Result<void> insert_option(PollId poll, std::int64_t position, const std::string& text);
  Result<std::optional<Poll>> find(PollId id);
  Result<std::vector<Poll>> latest(std::int64_t limit);
  Result<std::vector<Option>> options(PollId id);
  Result<void> put_vote(PollId poll, UserId user, OptionId option);
  Result<std::optional<OptionId>> vote_of(PollId poll, UserId user);
  // False when it was closed before.
  Result<bool> close(PollId id);
  Result<void> remove(PollId id);
  Result<std::int64_t> count_open();

 private:
  Tx& tx_;
};

}  // namespace stoa::polls
