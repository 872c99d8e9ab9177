// What clients say on the realtime connection, and what is said to them, as JSON.
// Input: the client's message, or after a first line "out": a channel, a type, a user's name, then data that
// is put in as it is.
#include <algorithm>
#include <string>

#include "input.hpp"
#include "realtime/frames.hpp"
#include "realtime/protocol.hpp"
#include "stoa/json.hpp"

namespace {

using namespace stoa::core::realtime;
using stoa::fuzz::expect;
using stoa::fuzz::Input;

bool is_channel(std::string_view name) {
  return !name.empty() && name.size() <= 200;
}

void check_shape(const ClientMessage& message) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 53;
  expect(!message.id || (*message.id<kLimit&& * message.id> - kLimit), "an id is below 2^53");
  if (!message.fault.empty()) return;
  expect(!message.since || *message.since < static_cast<std::uint64_t>(kLimit), "a sequence is below 2^53");
  expect(std::all_of(message.channels.begin(), message.channels.end(), is_channel),
         "a channel has 1 to 200 bytes");
  auto channels = message.channels;
  std::sort(channels.begin(), channels.end());
  expect(std::adjacent_find(channels.begin(), channels.end()) == channels.end(), "no channel is there twice");
  switch (message.op) {
    case Op::auth: expect(message.name == "auth", "auth is auth"); break;
    case Op::subscribe:
    case Op::unsubscribe: expect(!channels.empty(), "there is a channel"); break;
    case Op::plugin: expect(is_channel(message.channel), "there is a channel for the plugin"); break;
    case Op::idle:
    case Op::ping: break;
  }
}

// The host's strict reader and this one accept the same texts.
void check_message(std::string_view text) {
  const auto message = parse_client_message(text);
  const auto document = stoa::parse_json(text);
  bool readable = document && document->IsObject();
  if (readable) {
    const auto op = document->FindMember("op");
    readable = op != document->MemberEnd() && op->value.IsString();
  }
  expect(message.has_value() == readable, "what is readable is read, and nothing else");
  if (message) check_shape(*message);
}

std::string_view member(const rapidjson::Document& frame, const char* name) {
  const auto found = frame.FindMember(name);
  expect(found != frame.MemberEnd() && found->value.IsString(), "a frame has its texts");
  return {found->value.GetString(), found->value.GetStringLength()};
}

rapidjson::Document read(const std::string& frame) {
  auto document = stoa::parse_json(frame);
  expect(document && document->IsObject(), "a frame is one JSON object");
  return std::move(*document);
}

void check_frames(Input input) {
  const std::string channel(input.line());
  const std::string type(input.line());
  const std::string nickname(input.line());
  std::string data(input.rest());
  // Callers give valid UTF-8 and valid JSON, with room for the frame around it.
  for (const std::string& text : {channel, type, nickname})
    if (!stoa::parse_json(stoa::Json().value(text).take())) return;
  const auto given = stoa::parse_json("[[" + data + "]]");
  if (!given || given->Size() != 1 || (*given)[0].Size() != 1) data = "null";

  const stoa::core::Event event{.seq = 7,
                                .time_ms = static_cast<std::int64_t>(type.size()),
                                .owner = "posts",
                                .type = type,
                                .subject = {},
                                .channels = {channel},
                                .data = data};
  const std::string_view channels[] = {channel, "other"};
  const auto pushed = read(event_frame(event, channels, type.size() % 2 == 0));
  expect(member(pushed, "type") == type && member(pushed, "op") == "event", "an event keeps its type");
  const auto& list = pushed["channels"];
  expect(list.IsArray() && list.Size() == 2 &&
             std::string_view(list[0].GetString(), list[0].GetStringLength()) == channel,
         "an event keeps its channels");
  expect(pushed["data"] == read("{\"x\":" + data + "}")["x"], "an event keeps its data");
  const auto passing = read(ephemeral_frame(channel, type, data));
  expect(member(passing, "channel") == channel && member(passing, "type") == type,
         "an ephemeral keeps its words");

  const Member somebody{.user_id = 5, .nickname = nickname, .role = type, .session_id = "s"};
  const auto welcome = read(welcome_frame(channel, somebody, 1, std::chrono::seconds(30)));
  expect(member(welcome, "connection") == channel, "a welcome keeps the connection's name");
  const auto& user = welcome["user"];
  expect(std::string_view(user["nickname"].GetString(), user["nickname"].GetStringLength()) == nickname,
         "a welcome keeps the name");
  expect(user.MemberCount() == 3, "and tells nothing else of a user");
  read(ok_frame(3, 9, &somebody));
  const std::string names[] = {channel, type};
  read(resync_frame(names));
  expect(member(read(unsubscribed_frame(names, nickname)), "reason") == nickname, "a reason stays");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Input behind = input;
  if (behind.line() == "out") {
    check_frames(behind);
  } else {
    check_message(input.rest());
  }
  return 0;
}
