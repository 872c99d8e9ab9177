// What a client may say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stoa::core::realtime {

enum class Op : std::uint8_t { auth, subscribe, unsubscribe, ping, idle, plugin };

struct ClientMessage {
  std::optional<std::int64_t> id;
  Op op = Op::ping;
  std::string name;                    // of the op, as written
  std::string token;                   // auth
  std::vector<std::string> channels;   // subscribe, unsubscribe: at least one, none twice
  std::optional<std::uint64_t> since;  // subscribe
  bool idle = false;                   // idle
  std::string channel;                 // plugin
  std::string fault;                   // not empty: readable, but wrong; a sentence for people
};

// [any-thread] Nothing when the text is not a JSON object (at most 32 deep, no key twice) with a string "op".
std::optional<ClientMessage> parse_client_message(std::string_view text);

}  // namespace stoa::core::realtime
