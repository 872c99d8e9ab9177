// The server's messages as JSON text. [any-thread] `data` and `problem` are JSON already and are copied as
// they are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "realtime/hub.hpp"

namespace stoa::core::realtime {

// Shared by all connections that get the same message.
using Text = std::shared_ptr<const std::string>;

// The id a client gave its message; answers repeat it.
using MessageId = std::optional<std::int64_t>;

using PresenceChanges = std::vector<std::pair<std::int64_t, Presence>>;

std::string_view presence_name(Presence presence);

// RFC 3339, UTC, milliseconds. For the years 0 to 9999.
std::string rfc3339(std::int64_t time_ms);

std::string welcome_frame(std::string_view connection, const std::optional<Member>& member, std::uint64_t seq,
                          std::chrono::milliseconds heartbeat);
// member: whom an "auth" has made of the connection, otherwise null.
std::string ok_frame(MessageId id, std::uint64_t seq, const Member* member = nullptr);
std::string error_frame(MessageId id, std::string_view problem);
std::string event_frame(const Event& event, std::span<const std::string_view> channels, bool replay);
std::string ephemeral_frame(std::string_view channel, std::string_view type, std::string_view data);
std::string unsubscribed_frame(std::span<const std::string> channels, std::string_view reason);
std::string resync_frame(std::span<const std::string> channels);
// The data of "presence.changed".
std::string presence_data(const PresenceChanges& changes);

}  // namespace stoa::core::realtime
