#include "realtime/frames.hpp"

#include <algorithm>
#include <cstdio>

namespace stoa::core::realtime {
namespace {

void add_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[c & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

template <class Strings>
void add_channels(std::string& out, const Strings& channels) {
  out += ",\"channels\":[";
  bool first = true;
  for (const auto& channel : channels) {
    if (!std::exchange(first, false)) out += ',';
    add_string(out, channel);
  }
  out += ']';
}

void add_user(std::string& out, const Member& member) {
  out += "{\"id\":" + std::to_string(member.user_id) + ",\"nickname\":";
  add_string(out, member.nickname);
  out += ",\"role\":";
  add_string(out, member.role);
  out += '}';
}

std::string answer(std::string_view op, MessageId id) {
  std::string out = "{\"op\":\"";
  out += op;
  out += '"';
  if (id) out += ",\"id\":" + std::to_string(*id);
  return out;
}

}  // namespace

std::string_view presence_name(Presence presence) {
  switch (presence) {
    case Presence::offline: return "offline";
    case Presence::away: return "away";
    case Presence::online: return "online";
  }
  return "offline";
}

std::string rfc3339(std::int64_t time_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds{time_ms}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  char out[48];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return out;
}

std::string welcome_frame(std::string_view connection, const std::optional<Member>& member, std::uint64_t seq,
                          std::chrono::milliseconds heartbeat) {
  std::string out = "{\"op\":\"welcome\",\"connection\":";
  add_string(out, connection);
  out += ",\"user\":";
  if (member) {
    add_user(out, *member);
  } else {
    out += "null";
  }
  const auto seconds = std::max<std::int64_t>(1, (heartbeat.count() + 999) / 1000);
  out += ",\"seq\":" + std::to_string(seq) + ",\"heartbeat_s\":" + std::to_string(seconds) + '}';
  return out;
}

std::string ok_frame(MessageId id, std::uint64_t seq, const Member* member) {
  std::string out = answer("ok", id);
  out += ",\"seq\":" + std::to_string(seq);
  if (member) {
    out += ",\"user\":";
    add_user(out, *member);
  }
  out += '}';
  return out;
}

std::string error_frame(MessageId id, std::string_view problem) {
  std::string out = answer("error", id);
  out += ",\"problem\":";
  out += problem;
  out += '}';
  return out;
}

std::string event_frame(const Event& event, std::span<const std::string_view> channels, bool replay) {
  std::string out;
  out.reserve(160 + event.data.size());
  out += "{\"op\":\"event\",\"seq\":" + std::to_string(event.seq);
  add_channels(out, channels);
  out += ",\"type\":";
  add_string(out, event.type);
  out += ",\"time\":\"" + rfc3339(event.time_ms) + '"';
  if (replay) out += ",\"replay\":true";
  out += ",\"data\":";
  out += event.data;
  out += '}';
  return out;
}

std::string ephemeral_frame(std::string_view channel, std::string_view type, std::string_view data) {
  std::string out = "{\"op\":\"ephemeral\",\"channel\":";
  add_string(out, channel);
  out += ",\"type\":";
  add_string(out, type);
  out += ",\"data\":";
  out += data;
  out += '}';
  return out;
}

std::string unsubscribed_frame(std::span<const std::string> channels, std::string_view reason) {
  std::string out = "{\"op\":\"unsubscribed\"";
  add_channels(out, channels);
  out += ",\"reason\":";
  add_string(out, reason);
  out += '}';
  return out;
}

std::string resync_frame(std::span<const std::string> channels) {
  std::string out = "{\"op\":\"resync\"";
  add_channels(out, channels);
  out += '}';
  return out;
}

std::string presence_data(const PresenceChanges& changes) {
  std::string out = "{\"changes\":[";
  bool first = true;
  for (const auto& [user_id, presence] : changes) {
    if (!std::exchange(first, false)) out += ',';
    out += "{\"user_id\":" + std::to_string(user_id) + ",\"status\":";
    add_string(out, presence_name(presence));
    out += '}';
  }
  out += "]}";
  return out;
}

}  // namespace stoa::core::realtime
