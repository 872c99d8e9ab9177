#include "repository.hpp"

#include "polls_sql.hpp"

namespace stoa::polls {

namespace {

Result<void> done(const Result<std::int64_t>& changed) {
  return changed ? Result<void>() : Result<void>(changed.error());
}

}  // namespace

Result<PollId> Repository::insert(const NewPoll& poll, std::int64_t now, std::int64_t closes_at) {
  auto inserted = tx_.exec(sql::insert_poll, poll.author, poll.question, now, closes_at);
  if (!inserted) return inserted.error();
  return PollId{tx_.last_insert_id()};
}

Result<void> Repository::insert_option(PollId poll, std::int64_t position, const std::string& text) {
  return done(tx_.exec(sql::insert_option, poll, position, text));
}

Result<std::optional<Poll>> Repository::find(PollId id) {
  return tx_.query<PollId, UserId, std::string, std::int64_t, std::int64_t, bool>(sql::find_poll, id).first_as<Poll>();
}

Result<std::vector<Poll>> Repository::latest(std::int64_t limit) {
  return tx_.query<PollId, UserId, std::string, std::int64_t, std::int64_t, bool>(sql::latest_polls, limit)
      .all_as<Poll>();
}

Result<std::vector<Option>> Repository::options(PollId id) {
  return tx_.query<OptionId, std::string, std::int64_t>(sql::options_of_poll, id).all_as<Option>();
}

Result<void> Repository::put_vote(PollId poll, UserId user, OptionId option) {
  return done(tx_.exec(sql::put_vote, poll, user, option));
}

Result<std::optional<OptionId>> Repository::vote_of(PollId poll, UserId user) {
  return tx_.query<OptionId>(sql::find_vote, poll, user).first_as<OptionId>();
}

Result<bool> Repository::close(PollId id) {
  auto changed = tx_.exec(sql::close_poll, id);
  if (!changed) return changed.error();
  return *changed > 0;
}

Result<void> Repository::remove(PollId id) {
  return done(tx_.exec(sql::delete_poll, id));
}

Result<std::int64_t> Repository::count_open() {
  auto row = tx_.query<std::int64_t>(sql::count_open).first();
  if (!row) return row.error();
  return std::get<0>(row->value());
}

}  // namespace stoa::polls
