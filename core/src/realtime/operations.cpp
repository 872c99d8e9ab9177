// What a client may ask for: the operations of Connection.
#include <algorithm>

#include "realtime/answers.hpp"

namespace stoa::core::realtime {
namespace {

constexpr std::string_view kSystem = "system";
constexpr std::string_view kUser = "user:";

// Whoever is nobody may log in first, whichever channel it is that is closed to strangers.
std::string_view problem_of(Verdict verdict, bool is_stranger) {
  switch (verdict) {
    case Verdict::allowed: break;
    case Verdict::unauthenticated: return "unauthenticated";
    case Verdict::forbidden: return is_stranger ? "unauthenticated" : "forbidden";
    case Verdict::not_found: return "not-found";
    case Verdict::plugin_disabled: return "plugin-disabled";
  }
  return "forbidden";
}

}  // namespace

std::string Connection::own_channel() const {
  return std::string(kUser) + std::to_string(member_->user_id);
}

void Connection::join_automatic(std::string_view channel) {
  Membership& membership = board_.channels().join(*this, channel);
  membership.automatic = true;
  membership.live_from = board_.seen();
}

void Connection::perform(ClientMessage message, std::string_view text) {
  switch (message.op) {
    case Op::auth: return authenticate(std::move(message));
    case Op::subscribe: return subscribe(std::move(message));
    case Op::unsubscribe: return unsubscribe(message);
    case Op::ping: return answer(ok_frame(message.id, board_.seen()));
    case Op::idle: return set_idle(message);
    case Op::plugin: return operate(std::move(message), text);
  }
}

void Connection::authenticate(ClientMessage message) {
  if (member_) return refuse(message.id, "conflict", "This connection is authenticated already.");
  busy_ = true;
  const auto then = [id = message.id](Connection& self, std::optional<Member> member) {
    self.authenticated(id, std::move(member));
    self.next_message();
  };
  board_.backend().authenticate(std::move(message.token), when_answered<std::optional<Member>>(then));
}

void Connection::authenticated(MessageId id, std::optional<Member> member) {
  if (!member || board_.has_ended(member->session_id)) {
    return refuse(id, "unauthenticated", "The token is not valid.");
  }
  if (!board_.assign(*this, *member)) return refuse(id, "overloaded", "This user has too many connections.");
  member_ = std::move(member);
  join_automatic(own_channel());
  board_.presence_book().arrived(member_->user_id);
  if (idle_) board_.presence_book().idle_changed(member_->user_id, true);
  answer(ok_frame(id, board_.seen(), &*member_));
}

void Connection::subscribe(ClientMessage message) {
  Subscription wanted{
      .id = message.id, .channels = std::move(message.channels), .unknown = {}, .since = message.since};
  std::size_t added = 0;
  for (const std::string& channel : wanted.channels) {
    if (channel == kSystem || (member_ && channel == own_channel())) continue;
    if (channel.starts_with(kUser)) return refuse_channel(wanted.id, Verdict::forbidden, channel);
    wanted.unknown.push_back(channel);
    if (!membership(channel)) ++added;
  }
  if (memberships().size() + added > board_.options().channels_per_connection) {
    return refuse(wanted.id, "validation", "Too many channels for one connection.");
  }
  subscription_ = std::move(wanted);
  busy_ = true;
  if (subscription_->unknown.empty()) return join();
  authorize();
}

void Connection::refuse_channel(MessageId id, Verdict verdict, const std::string& channel) {
  refuse(id, problem_of(verdict, !member_), "The channel " + channel + " cannot be joined.");
}

void Connection::authorize() {
  subscription_->doubted = false;
  const auto then = [](Connection& self, const std::vector<Verdict>& verdicts) { self.authorized(verdicts); };
  board_.backend().authorize(member_, subscription_->unknown, when_answered<std::vector<Verdict>>(then));
}

void Connection::authorized(const std::vector<Verdict>& verdicts) {
  if (subscription_->doubted) return authorize();
  const auto& asked = subscription_->unknown;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Verdict verdict = i < verdicts.size() ? verdicts[i] : Verdict::forbidden;
    if (verdict == Verdict::allowed) continue;
    refuse_channel(subscription_->id, verdict, asked[i]);
    subscription_.reset();
    return next_message();
  }
  join();
}

void Connection::join() {
  Subscription granted = *std::exchange(subscription_, std::nullopt);
  std::vector<std::string> joined;
  std::vector<std::pair<std::string, std::uint64_t>> live_since;
  for (const std::string& channel : granted.channels) {
    Membership* present = membership(channel);
    if (!present) {
      present = &board_.channels().join(*this, channel);
      present->live_from = board_.seen();
      joined.push_back(channel);
    } else if (present->automatic && !present->asked) {
      live_since.emplace_back(channel, present->live_from);
    }
    present->asked = true;
  }
  if (granted.since) return catch_up(std::move(granted), std::move(joined), std::move(live_since));
  answer(ok_frame(granted.id, board_.seen()));
  next_message();
}

void Connection::unsubscribe(const ClientMessage& message) {
  for (const std::string& channel : message.channels) {
    Membership* present = membership(channel);
    if (present && !present->automatic) board_.channels().leave(*present);
  }
  answer(ok_frame(message.id, board_.seen()));
}

void Connection::set_idle(const ClientMessage& message) {
  if (idle_ != message.idle) {
    idle_ = message.idle;
    if (member_) board_.presence_book().idle_changed(member_->user_id, idle_);
  }
  if (message.id) answer(ok_frame(message.id, board_.seen()));
}

void Connection::operate(ClientMessage message, std::string_view text) {
  if (!membership(message.channel)) {
    return refuse(message.id, "forbidden", "The channel " + message.channel + " is not joined.");
  }
  busy_ = true;
  const auto then = [id = message.id](Connection& self, const std::string& problem) {
    if (!problem.empty()) {
      self.answer(error_frame(id, problem));
    } else if (id) {
      self.answer(ok_frame(id, self.board_.seen()));
    }
    self.next_message();
  };
  ClientOperation operation{.connection = id_,
                            .member = member_,
                            .op = std::move(message.name),
                            .channel = std::move(message.channel),
                            .message = std::string(text)};
  board_.backend().operate(std::move(operation), when_answered<std::string>(then));
}

void Connection::doubt(const std::function<bool(const std::string&)>& concerned) {
  if (subscription_ && std::any_of(subscription_->unknown.begin(), subscription_->unknown.end(), concerned)) {
    subscription_->doubted = true;
  }
}

void Connection::recheck() {
  doubt([](const std::string&) { return true; });
  std::vector<std::string> channels;
  std::vector<std::uint64_t> serials;
  for (const auto& joined : memberships()) {
    if (joined->automatic) continue;
    channels.push_back(joined->channel->name);
    serials.push_back(joined->serial);
  }
  if (channels.empty()) return;
  auto done = [inbox = board_.inbox(), weak = weak_from_this(), channels,
               serials](std::vector<Verdict> verdicts) {
    inbox->push(Answer{[weak, channels, serials, verdicts = std::move(verdicts)] {
      const auto self = weak.lock();
      if (!self || self->closed_) return;
      std::vector<std::string> lost;
      for (std::size_t i = 0; i < channels.size(); ++i) {
        const Membership* joined = self->membership(channels[i]);
        if (!joined || joined->serial != serials[i]) continue;
        if (i >= verdicts.size() || verdicts[i] != Verdict::allowed) lost.push_back(channels[i]);
      }
      self->expel(lost, "forbidden");
    }});
  };
  board_.backend().authorize(member_, channels, std::move(done));
}

}  // namespace stoa::core::realtime
