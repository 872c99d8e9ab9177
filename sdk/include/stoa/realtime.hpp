// Channels of browsers that listen. Include stoa.hpp instead.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "stoa/host.hpp"
#include "stoa/request.hpp"

namespace stoa {

enum class Presence : std::uint32_t { offline = STOA_OFFLINE, away = STOA_AWAY, online = STOA_ONLINE };

// A client's own operation on a channel it has joined.
struct Operation {
  std::optional<User> user;
  std::string_view connection, op, channel;
  std::string_view message;  // the whole frame, a JSON object
};

namespace detail {

struct ChannelCall {
  const Host* host;
  std::function<Result<void>(std::optional<User>, std::string_view)> authorize;
  std::function<Result<void>(const Operation&)> operate;
  static stoa_status run_authorize(void* self, const stoa_principal* who, stoa_str channel) noexcept {
    auto& call = *static_cast<ChannelCall*>(self);
    return contained(*call.host, "authorize", [&] { return call.authorize(user(who), view(channel)); });
  }
  static stoa_status run_operate(void* self, const stoa_operation* c) noexcept {
    auto& call = *static_cast<ChannelCall*>(self);
    return contained(*call.host, "operate", [&] {
      return call.operate(
          Operation{user(c->user), view(c->connection), view(c->op), view(c->channel), view(c->message)});
    });
  }
};

template <class App>
class Realtime {
 public:
  // [create]
  void claim(std::string_view prefix,
             std::function<Result<void>(std::optional<User>, std::string_view channel)> authorize,
             std::function<Result<void>(const Operation&)> operate = {}) {
    auto& app = static_cast<App&>(*this);
    const Host& host = app.host();
    const bool operates = static_cast<bool>(operate);
    stoa_channel_claim c{};
    c.size = sizeof c;
    c.prefix = str(prefix);
    c.authorize = &ChannelCall::run_authorize;
    c.operate = operates ? &ChannelCall::run_operate : nullptr;
    c.self = &app.template own<ChannelCall>(ChannelCall{&host, std::move(authorize), std::move(operate)});
    host.require(host.realtime->claim(host.ctx, &c));
  }
  // [any-thread]
  void ephemeral(std::string_view channel, std::string_view type, std::string_view data,
                 std::string_view except = {}) {
    const Host& host = static_cast<App&>(*this).host();
    host.realtime->ephemeral(host.ctx, str(channel), str(type), str(data), str(except));
  }
  // [any-thread]
  Presence presence(UserId user) {
    const Host& host = static_cast<App&>(*this).host();
    return static_cast<Presence>(host.realtime->presence(host.ctx, user.value));
  }
};

}  // namespace detail

}  // namespace stoa
