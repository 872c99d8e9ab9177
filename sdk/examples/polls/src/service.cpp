#include "service.hpp"

#include <algorithm>
#include <charconv>

#include <stoa/json.hpp>

#include "repository.hpp"

namespace stoa::polls {

namespace {

constexpr std::int64_t kDayMs = 24 * 3600 * 1000;
constexpr std::int64_t kLatest = 50;

Error no_such_poll() {
  return not_found("There is no such poll.");
}

Result<PollWithOptions> whole(Tx& tx, PollId id) {
  Repository polls(tx);
  auto poll = polls.find(id);
  if (!poll) return poll.error();
  if (!*poll) return no_such_poll();
  auto options = polls.options(id);
  if (!options) return options.error();
  auto seq = tx.log_head();
  if (!seq) return seq.error();
  return PollWithOptions{std::move(**poll), std::move(*options), *seq};
}

std::string counts(const PollWithOptions& poll) {
  Json json;
  json.begin_object().field("id", poll.poll.id.value).key("options").begin_array();
  for (const Option& option : poll.options)
    json.begin_object().field("id", option.id.value).field("votes", option.votes).end_object();
  return json.end_array().end_object().take();
}

std::string only_id(PollId id) {
  return Json().begin_object().field("id", id.value).end_object().take();
}

}  // namespace

Service::Service(App& app, const SettingsHolder& settings)
    : app_(app),
      settings_(settings),
      votes_(app.counter("votes_total", "Votes that were given or changed.")),
      open_(app.gauge("open", "Polls that take votes.")) {}

Result<NewPoll> Service::filtered(NewPoll poll) {
  Json json;
  json.begin_object().field("author_id", poll.author.value).field("question", poll.question).key("options").begin_array();
  for (const std::string& option : poll.options) json.value(option);
  auto answer = app_.fire(kCreate, json.end_array().end_object().take());
  if (!answer) return answer.error();
  auto document = parse_json(*answer);
  if (!document) return document.error();
  poll.question = (*document)["question"].GetString();
  poll.options.clear();
  for (const auto& option : (*document)["options"].GetArray()) poll.options.emplace_back(option.GetString());
  return poll;
}

Result<PollWithOptions> Service::create(NewPoll asked) {
  const Settings settings = settings_.get();
  if (static_cast<std::int64_t>(asked.options.size()) > settings.max_options)
    return Error{ErrorCode::validation, "A poll has at most " + std::to_string(settings.max_options) + " answers.",
                 "/options", "too_many"};
  if (asked.days > settings.max_days)
    return Error{ErrorCode::validation, "A poll ends after " + std::to_string(settings.max_days) + " days at the latest.",
                 "/days", "out_of_range"};
  auto poll = filtered(std::move(asked));
  if (!poll) return poll.error();
  const std::int64_t now = app_.now_ms();
  const std::int64_t closes_at = now + poll->days * kDayMs;
  return app_.storage().write([&](Tx& tx) -> Result<PollWithOptions> {
    Repository polls(tx);
    auto id = polls.insert(*poll, now, closes_at);
    if (!id) return id.error();
    for (std::size_t i = 0; i < poll->options.size(); ++i) {
      if (auto added = polls.insert_option(*id, static_cast<std::int64_t>(i), poll->options[i]); !added)
        return added.error();
    }
    // Kept with the poll, in one transaction: it closes after a crash too.
    if (auto later = tx.enqueue(kClosing, only_id(*id), closes_at); !later) return later.error();
    if (auto dropped = tx.drop_tags({"latest"}); !dropped) return dropped.error();
    if (auto counted = tx.on_commit([this] { open_.add(1); }); !counted) return counted.error();
    return whole(tx, *id);
  });
}

Result<PollWithOptions> Service::get(PollId id) {
  return app_.storage().read([&](Tx& tx) { return whole(tx, id); });
}

Result<std::vector<Poll>> Service::latest() {
  return app_.storage().read([&](Tx& tx) { return Repository(tx).latest(kLatest); });
}

Result<std::optional<OptionId>> Service::vote_of(PollId id, UserId user) {
  return app_.storage().read([&](Tx& tx) { return Repository(tx).vote_of(id, user); });
}

Result<PollWithOptions> Service::vote(PollId id, UserId user, OptionId option) {
  const bool may_change = settings_.get().change_votes;
  auto voted = app_.storage().write([&](Tx& tx) -> Result<PollWithOptions> {
    Repository polls(tx);
    auto poll = whole(tx, id);
    if (!poll) return poll.error();
    if (poll->poll.closed) return Error{ErrorCode::conflict, "This poll is over."};
    const auto& options = poll->options;
    if (std::none_of(options.begin(), options.end(), [&](const Option& o) { return o.id == option; }))
      return Error{ErrorCode::validation, "This is none of the answers.", "/option_id", "unknown"};
    auto before = polls.vote_of(id, user);
    if (!before) return before.error();
    if (*before && !may_change) return Error{ErrorCode::conflict, "You have voted already."};
    if (auto put = polls.put_vote(id, user, option); !put) return put.error();
    if (auto dropped = tx.drop_tags({name_of(id)}); !dropped) return dropped.error();
    auto now = whole(tx, id);
    if (!now) return now.error();
    auto told = tx.emit({"polls.poll.counted", name_of(id), {name_of(id)}, counts(*now)});
    if (!told) return told.error();
    now->seq = *told;
    return now;
  });
  if (voted) votes_.add();
  return voted;
}

Result<void> Service::close(PollId id) {
  return app_.storage().write([&](Tx& tx) -> Result<void> {
    auto poll = whole(tx, id);
    if (!poll) return poll.error();
    auto closed = Repository(tx).close(id);
    if (!closed) return closed.error();
    if (!*closed) return {};
    if (auto dropped = tx.drop_tags({name_of(id), "latest"}); !dropped) return dropped;
    auto told = tx.emit({"polls.poll.closed", name_of(id), {name_of(id)}, counts(*poll)});
    if (!told) return told.error();
    return tx.on_commit([this] { open_.add(-1); });
  });
}

Result<void> Service::remove(PollId id, const User& user, bool moderator) {
  return app_.storage().write([&](Tx& tx) -> Result<void> {
    Repository polls(tx);
    auto poll = polls.find(id);
    if (!poll) return poll.error();
    if (!*poll) return no_such_poll();
    if ((*poll)->author != user.id && !moderator) return Error{ErrorCode::forbidden, "This is not your poll."};
    if (auto removed = polls.remove(id); !removed) return removed;
    if (auto dropped = tx.drop_tags({name_of(id), "latest"}); !dropped) return dropped;
    // Nobody who comes back later is told what it was about.
    if (auto redacted = tx.redact(name_of(id)); !redacted) return redacted;
    auto told = tx.emit({"polls.poll.deleted", name_of(id), {name_of(id)}, only_id(id)});
    if (!told) return told.error();
    if ((*poll)->closed) return {};
    return tx.on_commit([this] { open_.add(-1); });
  });
}

Result<std::optional<PollId>> Service::missing(std::string_view text) {
  constexpr std::string_view kMark = "[poll:";
  std::vector<PollId> named;
  for (auto at = text.find(kMark); at != std::string_view::npos; at = text.find(kMark, at + 1)) {
    const char* begin = text.data() + at + kMark.size();
    const char* end = text.data() + text.size();
    PollId id;
    const auto number = std::from_chars(begin, end, id.value);
    if (number.ec == std::errc() && number.ptr != end && *number.ptr == ']') named.push_back(id);
  }
  if (named.empty()) return std::optional<PollId>();
  return app_.storage().read([&](Tx& tx) -> Result<std::optional<PollId>> {
    for (const PollId id : named) {
      auto poll = Repository(tx).find(id);
      if (!poll) return poll.error();
      if (!*poll) return std::optional<PollId>(id);
    }
    return std::optional<PollId>();
  });
}

Result<void> Service::count_open() {
  auto open = app_.storage().read([](Tx& tx) { return Repository(tx).count_open(); });
  if (!open) return open.error();
  open_.set(static_cast<double>(*open));
  return {};
}

}  // namespace stoa::polls
