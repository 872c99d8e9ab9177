#include "crash/breadcrumb.hpp"
#include "plugins/boundary.hpp"
#include "plugins/subscribers.hpp"
#include "plugins/tables.hpp"
#include "plugins/transactions.hpp"
#include "realtime/hub.hpp"
#include "storage/database.hpp"

namespace stoa::core::plugins {

namespace {

constexpr std::string_view kNoText = "a text is not UTF-8";
constexpr std::string_view kIdentityOnly = "is for the provider of stoa.identity/1 only";

stoa_status emit(stoa_tx* handle, const stoa_new_event* event, std::uint64_t* seq) {
  return in_write(handle, "events.emit", [&](OpenTransaction& tx) -> stoa_status {
    constexpr std::string_view kCall = "events.emit";
    if (!is_whole(event, STOA_NEW_EVENT_SIZE_1_0) || (event->channel_count > 0 && !event->channels))
      return argument(tx.owner, kCall, "the event is missing or too small");
    if (!are_texts(tx.owner, {event->type, event->subject})) return argument(tx.owner, kCall, kNoText);
    if (!is_json(tx.owner, event->data, true)) return argument(tx.owner, kCall, "the data is no JSON object");
    NewEvent fresh;
    fresh.type = view(event->type);
    if (fresh.type.rfind(tx.owner.id + ".", 0) != 0)
      return argument(tx.owner, kCall, "the type must begin with the plugin's id");
    fresh.subject = view(event->subject);
    for (std::size_t i = 0; i < event->channel_count; ++i) {
      if (!are_texts(tx.owner, {event->channels[i]})) return argument(tx.owner, kCall, kNoText);
      fresh.channels.emplace_back(view(event->channels[i]));
    }
    fresh.data = view(event->data);
    auto written = tx.transaction.emit(fresh);
    if (!written) return failed(written.error());
    if (seq) *seq = *written;
    return STOA_OK;
  });
}

stoa_status redact(stoa_tx* handle, stoa_str subject) {
  return in_write(handle, "events.redact",
                  [&](OpenTransaction& tx) { return finish(tx.transaction.redact(view(subject))); });
}

stoa_status subscribe(stoa_ctx* ctx, const stoa_subscriber* subscriber) {
  return at_boundary("events.subscribe", [&]() -> stoa_status {
    constexpr std::string_view kCall = "events.subscribe";
    if (!ctx->registering) return wrong_state(*ctx, kCall);
    if (!is_whole(subscriber, STOA_SUBSCRIBER_SIZE_1_0) || (subscriber->type_count > 0 && !subscriber->types))
      return argument(*ctx, kCall, "the subscriber is missing or too small");
    SubscriberEntry entry;
    entry.durable = (subscriber->flags & STOA_SUBSCRIBE_DURABLE) != 0;
    entry.from_oldest = (subscriber->flags & STOA_SUBSCRIBE_FROM_OLDEST) != 0;
    entry.name = view(subscriber->name);
    if (entry.durable && entry.name.empty())
      return argument(*ctx, kCall, "a durable subscriber needs a name");
    for (std::size_t i = 0; i < subscriber->type_count; ++i)
      entry.types.emplace_back(view(subscriber->types[i]));
    if (entry.types.empty() || !subscriber->apply)
      return argument(*ctx, kCall, "types and apply are required");
    entry.apply = subscriber->apply;
    entry.self = subscriber->self;
    ctx->contributions.subscribers.push_back(std::move(entry));
    return STOA_OK;
  });
}

stoa_status revoke(stoa_tx* handle, stoa_str channel, std::int64_t user_id) {
  return in_write(handle, "realtime.revoke", [&](OpenTransaction& tx) {
    if (realtime::Hub* hub = tx.owner.host.hub) {
      tx.transaction.on_commit(
          [hub, name = std::string(view(channel)), user_id] { hub->revoke(name, user_id); });
    }
    return stoa_status{STOA_OK};
  });
}

bool provides_identity(const OpenTransaction& tx) {
  return tx.owner.contributions.services.count("stoa.identity/1") > 0;
}

stoa_status end_session(stoa_tx* handle, stoa_str session_id) {
  return in_write(handle, "realtime.end_session", [&](OpenTransaction& tx) {
    if (!provides_identity(tx)) return wrong_state(tx.owner, "realtime.end_session", kIdentityOnly);
    if (realtime::Hub* hub = tx.owner.host.hub) {
      tx.transaction.on_commit([hub, session = std::string(view(session_id))] { hub->end_session(session); });
    }
    return stoa_status{STOA_OK};
  });
}

stoa_status recheck_user(stoa_tx* handle, std::int64_t user_id) {
  return in_write(handle, "realtime.recheck_user", [&](OpenTransaction& tx) {
    if (!provides_identity(tx)) return wrong_state(tx.owner, "realtime.recheck_user", kIdentityOnly);
    if (realtime::Hub* hub = tx.owner.host.hub) {
      tx.transaction.on_commit([hub, user_id] { hub->recheck_user(user_id); });
    }
    return stoa_status{STOA_OK};
  });
}

stoa_status claim(stoa_ctx* ctx, const stoa_channel_claim* claim) {
  return at_boundary("realtime.claim", [&]() -> stoa_status {
    constexpr std::string_view kCall = "realtime.claim";
    if (!ctx->registering) return wrong_state(*ctx, kCall);
    if (!is_whole(claim, STOA_CHANNEL_CLAIM_SIZE_1_0))
      return argument(*ctx, kCall, "the claim is missing or too small");
    const std::string prefix(view(claim->prefix));
    if (prefix.empty() || prefix == "system" || prefix == "presence" || prefix == "user:") {
      return argument(*ctx, kCall, "\"" + prefix + "\" cannot be claimed");
    }
    if (prefix.find(':') < prefix.size() - 1)
      return argument(*ctx, kCall, "a colon only at the end of the prefix");
    if (!claim->authorize) return argument(*ctx, kCall, "authorize is required");
    ctx->contributions.channels.push_back({prefix, claim->authorize, claim->operate, claim->self});
    return STOA_OK;
  });
}

bool owns_channel(const stoa_ctx* ctx, std::string_view channel) {
  for (const ChannelEntry& entry : ctx->contributions.channels) {
    const bool whole = entry.prefix.back() != ':';
    if (whole ? channel == entry.prefix : channel.substr(0, entry.prefix.size()) == entry.prefix) return true;
  }
  return false;
}

stoa_status ephemeral(stoa_ctx* ctx, stoa_str channel, stoa_str type, stoa_str data, stoa_str except) {
  return at_boundary("realtime.ephemeral", [&]() -> stoa_status {
    constexpr std::string_view kCall = "realtime.ephemeral";
    if (!are_texts(*ctx, {channel, type, except})) return argument(*ctx, kCall, kNoText);
    if (!is_json(*ctx, data, true)) return argument(*ctx, kCall, "the data is no JSON object");
    if (!owns_channel(ctx, view(channel)))
      return argument(*ctx, kCall, "this is not a channel of the plugin");
    if (ctx->host.hub) {
      ctx->host.hub->ephemeral(std::string(view(channel)), std::string(view(type)), std::string(view(data)),
                               std::string(view(except)));
    }
    return STOA_OK;
  });
}

stoa_presence presence(stoa_ctx* ctx, std::int64_t user_id) {
  if (!ctx->host.hub) return STOA_OFFLINE;
  switch (ctx->host.hub->presence(user_id)) {
    case realtime::Presence::offline: return STOA_OFFLINE;
    case realtime::Presence::away: return STOA_AWAY;
    case realtime::Presence::online: return STOA_ONLINE;
  }
  return STOA_OFFLINE;
}

}  // namespace

Result<void> apply_event(Generation& owner, const SubscriberEntry& entry, storage::Transaction* transaction,
                         const Event& event) {
  const stoa_event c{
      sizeof(stoa_event), 0, event.seq, event.time_ms, str(event.owner), str(event.type), str(event.subject),
      str(event.data)};
  const crash::Breadcrumb here(owner.id.c_str(), "a subscriber");
  clear_callback_error();
  stoa_status status = STOA_OK;
  if (transaction) {
    const OpenTransaction tx(owner, *transaction);
    status = entry.apply(entry.self, tx.handle(), &c);
  } else {
    status = entry.apply(entry.self, nullptr, &c);
  }
  if (status == STOA_OK) return {};
  return take_callback_error(status);
}

const stoa_events_v1* events_table() {
  static const stoa_events_v1 table = {sizeof table, 0, &emit, &redact, &subscribe};
  return &table;
}

const stoa_realtime_v1* realtime_table() {
  static const stoa_realtime_v1 table = {sizeof table,  0,        &claim, &ephemeral, &revoke, &end_session,
                                         &recheck_user, &presence};
  return &table;
}

}  // namespace stoa::core::plugins
