#include "host/hub_backend.hpp"

#include "crash/breadcrumb.hpp"
#include "host/identity.hpp"
#include "http/problem.hpp"
#include "log/log.hpp"
#include "plugins/boundary.hpp"

namespace stoa::core::host {

using realtime::Member;
using realtime::Verdict;

namespace {

stoa_role role_from(std::string_view name) {
  return name == "admin" ? STOA_ROLE_ADMIN : name == "moderator" ? STOA_ROLE_MODERATOR : STOA_ROLE_MEMBER;
}

Member to_member(const plugins::Principal& principal) {
  return {principal.user_id, principal.nickname, std::string(plugins::role_name(principal.role)),
          principal.session_id};
}

std::optional<plugins::Principal> to_principal(const std::optional<Member>& member) {
  if (!member) return std::nullopt;
  return plugins::Principal{member->user_id, role_from(member->role), member->nickname, member->session_id};
}

}  // namespace

void HubBackend::authenticate(std::string token, std::function<void(std::optional<Member>)> done) {
  const bool taken = pool_.submit("core", [this, token = std::move(token), done] {
    const auto principal = host::authenticate(snapshot_, token);
    done(principal ? std::optional<Member>(to_member(*principal)) : std::nullopt);
  });
  if (!taken) done(std::nullopt);
}

HubBackend::HeldChannel HubBackend::hold_channel(const std::string& name) const {
  for (;;) {
    HeldChannel held;
    held.snapshot = snapshot_();
    held.channel = held.snapshot->channel(name);
    if (!held.channel) return held;
    held.call = plugins::Call::enter(held.channel->owner);
    if (held.call) return held;
  }
}

Verdict HubBackend::verdict(const std::optional<Member>& member, const std::string& name) const {
  if (name == "system") return Verdict::allowed;
  if (name.rfind("user:", 0) == 0) {
    if (!member) return Verdict::unauthenticated;
    return name == "user:" + std::to_string(member->user_id) ? Verdict::allowed : Verdict::forbidden;
  }
  if (!member && private_forum_) return Verdict::unauthenticated;
  if (name == "presence") return member ? Verdict::allowed : Verdict::unauthenticated;
  const HeldChannel held = hold_channel(name);
  const auto* channel = held.channel;
  if (!channel) return held.snapshot->channel_disabled(name) ? Verdict::plugin_disabled : Verdict::not_found;
  const crash::Breadcrumb here(channel->owner->id.c_str(), channel->entry->prefix.c_str());
  const auto principal = to_principal(member);
  const stoa_principal c = principal ? principal->c() : stoa_principal{};
  plugins::clear_callback_error();
  const stoa_status status = plugins::at_boundary("channel.authorize", [&] {
    return channel->entry->authorize(channel->entry->self, principal ? &c : nullptr, plugins::str(name));
  });
  switch (status) {
    case STOA_OK: return Verdict::allowed;
    case STOA_E_UNAUTHENTICATED: return Verdict::unauthenticated;
    case STOA_E_NOT_FOUND: return Verdict::not_found;
    default: return Verdict::forbidden;
  }
}

void HubBackend::authorize(std::optional<Member> member, std::vector<std::string> channels,
                           std::function<void(std::vector<Verdict>)> done) {
  const std::size_t count = channels.size();
  const bool taken =
      pool_.submit("core", [this, member = std::move(member), channels = std::move(channels), done] {
        std::vector<Verdict> verdicts;
        for (const std::string& channel : channels) verdicts.push_back(verdict(member, channel));
        done(std::move(verdicts));
      });
  if (!taken) done(std::vector<Verdict>(count, Verdict::forbidden));
}

void HubBackend::operate(realtime::ClientOperation operation, std::function<void(std::string)> done) {
  const HeldChannel held = hold_channel(operation.channel);
  if (!held.channel && held.snapshot->channel_disabled(operation.channel))
    return done(problem("plugin-disabled", "This feature is switched off on this forum."));
  if (!held.channel || !held.channel->entry->operate)
    return done(problem("malformed", "This channel takes no such operation."));
  const std::string owner = held.channel->owner->id;
  const bool taken = pool_.submit(owner, [held, operation = std::move(operation), done] {
    const auto principal = to_principal(operation.member);
    const stoa_principal user = principal ? principal->c() : stoa_principal{};
    const stoa_operation c{sizeof(stoa_operation),         0,
                           principal ? &user : nullptr,    plugins::str(operation.connection),
                           plugins::str(operation.op),     plugins::str(operation.channel),
                           plugins::str(operation.message)};
    const crash::Breadcrumb here(held.channel->owner->id.c_str(), held.channel->entry->prefix.c_str());
    plugins::clear_callback_error();
    const stoa_status status = plugins::at_boundary(
        "channel.operate", [&] { return held.channel->entry->operate(held.channel->entry->self, &c); });
    if (status == STOA_OK) return done({});
    const Error error = plugins::take_callback_error(status);
    done(http::problem_document(http::problem_type(error.code), error, ""));
  });
  if (!taken) done(problem("overloaded", "The forum is busy. Try again in a moment."));
}

void HubBackend::replay(std::vector<std::string> channels, std::uint64_t since, std::uint64_t until,
                        std::size_t limit, std::function<void(Replay)> done) {
  const bool taken = pool_.submit("core", [this, channels = std::move(channels), since, until, limit, done] {
    auto stretch = database_.events(since, until, channels, limit);
    if (!stretch) {
      log::warning("Events could not be read for a replay.", {{"why", stretch.error().message}});
      return done(Replay{.events = {}, .failed = true});
    }
    done(Replay{std::move(stretch->events), stretch->more, stretch->trimmed, false});
  });
  if (!taken) done(Replay{.events = {}, .failed = true});
}

void HubBackend::presence_changed(std::int64_t user_id, realtime::Presence presence) {
  log::debug("Presence changed.", {{"user", std::to_string(user_id)},
                                   {"presence", presence == realtime::Presence::online ? "online"
                                                : presence == realtime::Presence::away ? "away"
                                                                                       : "offline"}});
}

std::string HubBackend::problem(std::string_view type, std::string_view detail) {
  return http::problem_document(http::problem_type(type), Error{ErrorCode::internal, std::string(detail)},
                                "");
}

}  // namespace stoa::core::host
