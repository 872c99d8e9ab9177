#include "realtime/protocol.hpp"

#include <algorithm>
#include <cmath>

#include "realtime/rapidjson.hpp"

namespace stoa::core::realtime {
namespace {

constexpr int kDepth = 32;
constexpr std::size_t kChannelLength = 200;
constexpr std::int64_t kIdLimit = std::int64_t{1} << 53;

using Value = rapidjson::Value;

// Half of a pair, as the escape \ude00 alone becomes: no UTF-8.
bool has_surrogate(std::string_view text) {
  for (auto at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1)) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) return true;
  }
  return false;
}

// Passes everything on to the document, but for what RapidJSON should have refused, and stops at the depth
// limit.
template <class Handler>
class Strict {
 public:
  explicit Strict(Handler& handler) : handler_(handler) {}

  bool Null() { return handler_.Null(); }
  bool Bool(bool value) { return handler_.Bool(value); }
  bool Int(int value) { return handler_.Int(value); }
  bool Uint(unsigned value) { return handler_.Uint(value); }
  bool Int64(std::int64_t value) { return handler_.Int64(value); }
  bool Uint64(std::uint64_t value) { return handler_.Uint64(value); }
  // RapidJSON sees that 1e309 is too big, not that 61e308 is.
  bool Double(double value) { return std::isfinite(value) && handler_.Double(value); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool copy) {
    return handler_.RawNumber(text, size, copy);
  }
  bool String(const char* text, rapidjson::SizeType size, bool copy) {
    return !has_surrogate({text, size}) && handler_.String(text, size, copy);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool copy) {
    return !has_surrogate({text, size}) && handler_.Key(text, size, copy);
  }
  bool StartObject() { return ++depth_ <= kDepth && handler_.StartObject(); }
  bool EndObject(rapidjson::SizeType members) { return --depth_ >= 0 && handler_.EndObject(members); }
  bool StartArray() { return ++depth_ <= kDepth && handler_.StartArray(); }
  bool EndArray(rapidjson::SizeType elements) { return --depth_ >= 0 && handler_.EndArray(elements); }

 private:
  Handler& handler_;
  int depth_ = 0;
};

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

// Recursion is bounded by kDepth.
bool has_duplicate_key(const Value& value) {
  if (value.IsArray()) return std::any_of(value.Begin(), value.End(), has_duplicate_key);
  if (!value.IsObject()) return false;
  std::vector<std::string_view> keys;
  for (const auto& member : value.GetObject()) {
    if (has_duplicate_key(member.value)) return true;
    keys.push_back(text_of(member.name));
  }
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

const Value* find(const Value& object, const char* name) {
  const auto member = object.FindMember(name);
  return member == object.MemberEnd() ? nullptr : &member->value;
}

Op op_named(std::string_view name) {
  if (name == "auth") return Op::auth;
  if (name == "subscribe") return Op::subscribe;
  if (name == "unsubscribe") return Op::unsubscribe;
  if (name == "ping") return Op::ping;
  if (name == "idle") return Op::idle;
  return Op::plugin;
}

bool is_channel(const Value& value) {
  return value.IsString() && value.GetStringLength() > 0 && value.GetStringLength() <= kChannelLength;
}

std::string read_id(const Value& object, ClientMessage& message) {
  const Value* id = find(object, "id");
  if (!id) return {};
  if (!id->IsInt64() || id->GetInt64() >= kIdLimit || id->GetInt64() <= -kIdLimit) {
    return "\"id\" must be an integer below 2^53.";
  }
  message.id = id->GetInt64();
  return {};
}

std::string read_channels(const Value& object, ClientMessage& message) {
  const Value* channels = find(object, "channels");
  if (!channels || !channels->IsArray() || channels->Empty()) return "\"channels\" must be a list of names.";
  for (const Value& channel : channels->GetArray()) {
    if (!is_channel(channel)) return "A channel's name has 1 to 200 bytes.";
    message.channels.emplace_back(text_of(channel));
  }
  auto& names = message.channels;
  std::vector<std::string_view> seen(names.begin(), names.end());
  std::sort(seen.begin(), seen.end());
  if (std::adjacent_find(seen.begin(), seen.end()) == seen.end()) return {};
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return {};
}

std::string read_since(const Value& object, ClientMessage& message) {
  const Value* since = find(object, "since");
  if (!since) return {};
  if (!since->IsUint64() || since->GetUint64() >= static_cast<std::uint64_t>(kIdLimit)) {
    return "\"since\" must be an integer from 0, below 2^53.";
  }
  message.since = since->GetUint64();
  return {};
}

std::string read_fields(const Value& object, ClientMessage& message) {
  switch (message.op) {
    case Op::auth: {
      const Value* token = find(object, "token");
      if (!token || !token->IsString()) return "\"token\" must be a string.";
      message.token = text_of(*token);
      return {};
    }
    case Op::subscribe: {
      auto fault = read_channels(object, message);
      return fault.empty() ? read_since(object, message) : fault;
    }
    case Op::unsubscribe: return read_channels(object, message);
    case Op::ping: return {};
    case Op::idle: {
      const Value* state = find(object, "state");
      if (!state || !state->IsBool()) return "\"state\" must be true or false.";
      message.idle = state->GetBool();
      return {};
    }
    case Op::plugin: {
      const Value* channel = find(object, "channel");
      if (!channel) return "Unknown \"op\".";
      if (!is_channel(*channel)) return "\"channel\" must be a channel's name.";
      message.channel = text_of(*channel);
      return {};
    }
  }
  return {};
}

}  // namespace

std::optional<ClientMessage> parse_client_message(std::string_view text) try {
  char space[4096];
  rapidjson::MemoryPoolAllocator<> pool(space, sizeof space);
  rapidjson::Document document(&pool);
  rapidjson::Reader reader;
  rapidjson::MemoryStream stream(text.data(), text.size());
  const auto parse = [&](rapidjson::Document& target) {
    Strict limited(target);
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    // A NUL byte looks like the end of the text to the reader.
    return !reader.Parse<kFlags>(stream, limited).IsError() && stream.Tell() == text.size();
  };
  document.Populate(parse);
  if (!document.IsObject() || has_duplicate_key(document)) return std::nullopt;
  const Value* op = find(document, "op");
  if (!op || !op->IsString()) return std::nullopt;

  ClientMessage message;
  message.name = text_of(*op);
  message.op = op_named(message.name);
  message.fault = read_id(document, message);
  if (message.fault.empty()) message.fault = read_fields(document, message);
  return message;
} catch (const std::logic_error&) {
  return std::nullopt;
}

}  // namespace stoa::core::realtime
