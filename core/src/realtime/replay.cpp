// The replay after "subscribe" with "since": the part of Connection that fills CatchUp.
#include <algorithm>

#include "realtime/answers.hpp"

namespace stoa::core::realtime {
namespace {

constexpr std::size_t kPageEvents = 128;
// Of one page, kept in memory for one connection; the rest is asked for again when these are out.
constexpr std::size_t kPageBytes = 128 * 1024;
// A client may know of an event a moment before the hub does.
constexpr std::chrono::seconds kAhead{2};

Text text_of(std::string frame) {
  return std::make_shared<const std::string>(std::move(frame));
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void Connection::catch_up(Subscription subscription, std::vector<std::string> joined,
                          std::vector<std::pair<std::string, std::uint64_t>> live_since) {
  catch_up_ = std::make_unique<CatchUp>();
  CatchUp& state = *catch_up_;
  state.id = subscription.id;
  state.asked = std::move(subscription.channels);
  state.joined = std::move(joined);
  state.live_since = std::move(live_since);
  state.scope = state.asked;
  state.cursor = *subscription.since;
  state.until = board_.seen();
  if (state.cursor < state.until) return fetch();
  state.more = false;
  if (state.cursor > board_.backend().head()) {
    state.give_up = std::chrono::steady_clock::now() + kAhead;
    return board_.watch_head(*this);
  }
  known_until(state.asked, state.cursor);
  flush();
}

void Connection::known_until(std::span<const std::string> channels, std::uint64_t seq) {
  for (const std::string& channel : channels) {
    if (Membership* joined = membership(channel)) joined->live_from = std::max(joined->live_from, seq);
  }
}

void Connection::published(Time now) {
  if (closed_ || !catch_up_ || !catch_up_->give_up) return;
  if (board_.seen() >= catch_up_->cursor) {
    known_until(catch_up_->asked, catch_up_->cursor);
    catch_up_->give_up.reset();
    return flush();
  }
  if (now < *catch_up_->give_up) return board_.watch_head(*this);
  // A cursor of another life: the log has never been there.
  finish(true);
}

void Connection::fetch() {
  CatchUp& state = *catch_up_;
  state.fetching = true;
  // The first question tells whether the stretch is too long altogether.
  const std::size_t limit = state.sent == 0 ? board_.options().replay_limit + 1 : kPageEvents;
  const auto then = [](Connection& self, Backend::Replay page) { self.fetched(std::move(page)); };
  board_.backend().replay(state.scope, state.cursor, state.until, limit,
                          when_answered<Backend::Replay>(then));
}

void Connection::fetched(Backend::Replay page) {
  CatchUp& state = *catch_up_;
  state.fetching = false;
  if (page.failed) return abandon();
  // What is published meanwhile may double the stretch, but not make it endless.
  const std::size_t limit = board_.options().replay_limit * (state.widened ? 2 : 1);
  const bool stuck = page.more && page.events.empty();
  if (page.trimmed || stuck || state.sent + page.events.size() > limit) return finish(true);

  std::size_t bytes = 0;
  std::size_t taken = 0;
  while (taken < page.events.size() && bytes < kPageBytes) {
    const Event& event = *page.events[taken++];
    if (replay(event)) bytes += event.data.size();
    state.cursor = event.seq;
  }
  state.sent += taken;
  state.more = page.more || taken < page.events.size();
  if (!state.more) state.cursor = state.until;
  flush();
}

bool Connection::replay(const Event& event) {
  std::vector<std::string_view> channels;
  bool wanted = false;
  for (const std::string& channel : event.channels) {
    const Membership* joined = membership(channel);
    if (!joined || !catch_up_->is_news(*joined, event.seq)) continue;
    channels.push_back(channel);
    wanted |= contains(catch_up_->scope, channel);
  }
  if (wanted) send(text_of(event_frame(event, channels, true)), Weight::replayed);
  return wanted;
}

bool Connection::advance() {
  CatchUp& state = *catch_up_;
  if (state.fetching || state.give_up) return false;
  if (state.more) {
    fetch();
    return false;
  }
  if (!state.forgotten) {
    finish(false);
    return true;
  }
  state.forgotten = false;
  state.widened = true;
  state.more = true;
  state.scope.clear();
  for (const auto& joined : memberships()) state.scope.push_back(joined->channel->name);
  state.cursor = std::exchange(state.until, board_.seen());
  fetch();
  return false;
}

void Connection::finish(bool resync) {
  // Live again from here on.
  const auto state = std::exchange(catch_up_, nullptr);
  const bool gap = state->forgotten || state->widened;
  if (resync) send_resync(*state);
  send(text_of(ok_frame(state->id, resync && gap ? board_.seen() : state->until)), Weight::replayed);
  for (const EventPtr& event : state->held) send_held(*event);
  flush();
  next_message();
}

void Connection::send_resync(const CatchUp& state) {
  std::vector<std::string> channels = state.asked;
  if (state.forgotten || state.widened) {
    channels.clear();
    for (const auto& joined : memberships()) channels.push_back(joined->channel->name);
  }
  std::erase_if(channels, [this](const std::string& channel) { return !membership(channel); });
  if (!channels.empty()) send(text_of(resync_frame(channels)), Weight::replayed);
}

void Connection::send_held(const Event& event) {
  std::vector<std::string_view> channels;
  for (const std::string& channel : event.channels) {
    const Membership* joined = membership(channel);
    if (joined && event.seq > joined->live_from) channels.push_back(channel);
  }
  if (!channels.empty()) send(text_of(event_frame(event, channels, false)), Weight::replayed);
}

// All or nothing: what the request has joined is left again.
void Connection::abandon() {
  const auto state = std::exchange(catch_up_, nullptr);
  for (const std::string& channel : state->joined) {
    if (Membership* joined = membership(channel)) board_.channels().leave(*joined);
  }
  if (state->forgotten || state->widened) send_resync(*state);
  send(text_of(
           error_frame(state->id, board_.backend().problem("overloaded", "The events cannot be read now."))),
       Weight::replayed);
  for (const EventPtr& event : state->held) send_held(*event);
  flush();
  next_message();
}

}  // namespace stoa::core::realtime
