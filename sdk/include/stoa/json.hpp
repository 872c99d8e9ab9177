// JSON: writing answers and events, reading bodies strictly. The only wrapper header that needs RapidJSON.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/id.hpp"
#include "stoa/json_text.hpp"
#include "stoa/rapidjson.hpp"
#include "stoa/result.hpp"
#include "stoa/time.hpp"

namespace stoa {

// Code points of valid UTF-8.
inline std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

// Without white space (ASCII) at both ends.
inline std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n\f\v");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n\f\v") - first + 1);
}

// Strict JSON (RFC 8259): valid UTF-8, at most `kMaxDepth` deep, no duplicate keys. Error: malformed, with
// the byte offset.
inline constexpr int kMaxDepth = 32;

namespace detail {

inline bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

// Half of a surrogate pair, as "\\ude00" alone becomes: no UTF-8.
inline bool has_surrogate(std::string_view text) {
  for (auto at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1)) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0u) return true;
  }
  return false;
}

inline std::string_view json_text(const rapidjson::Value& string) {
  return {string.GetString(), string.GetStringLength()};
}

// What RapidJSON lets pass; null: nothing.
inline const char* fault_of(const rapidjson::Value& value) {
  constexpr const char* kHalf = "Not valid JSON: an escape is half of a surrogate pair.";
  if (value.IsString()) return has_surrogate(json_text(value)) ? kHalf : nullptr;
  // It sees that 1e309 is too big, not that 61e308 is.
  if (value.IsDouble() && !std::isfinite(value.GetDouble())) return "Not valid JSON: a number is too big.";
  if (value.IsArray()) {
    for (const auto& element : value.GetArray()) {
      if (const char* fault = fault_of(element)) return fault;
    }
  }
  if (!value.IsObject()) return nullptr;
  std::set<std::string_view> names;
  for (auto member = value.MemberBegin(); member != value.MemberEnd(); ++member) {
    if (has_surrogate(json_text(member->name))) return kHalf;
    if (!names.insert(json_text(member->name)).second) return "A key appears twice in one JSON object.";
    if (const char* fault = fault_of(member->value)) return fault;
  }
  return nullptr;
}

}  // namespace detail

inline Result<rapidjson::Document> parse_json(std::string_view text) {
  if (detail::too_deep(text)) return Error{ErrorCode::malformed, "The JSON is nested too deeply."};
  // RapidJSON passes over a byte order mark, even half of one, and takes a zero byte for the end.
  if (text.substr(0, 1) == "\xef" || text.find('\0') != std::string_view::npos)
    return Error{ErrorCode::malformed, "Not valid JSON: a byte order mark or a zero byte."};
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(),
                                                                                         text.size());
  if (document.HasParseError()) {
    return Error{ErrorCode::malformed, std::string("Not valid JSON: ") +
                                           rapidjson::GetParseError_En(document.GetParseError()) + " (byte " +
                                           std::to_string(document.GetErrorOffset()) + ")"};
  }
  if (const char* fault = detail::fault_of(document)) return Error{ErrorCode::malformed, fault};
  return Result<rapidjson::Document>(std::move(document));
}

// Writes one JSON value. Misuse (a value without a key, an unclosed object) throws std::logic_error.
class Json {
 public:
  Json() : writer_(buffer_) {}

  Json& begin_object() { return writer_.StartObject(), *this; }
  Json& end_object() { return writer_.EndObject(), *this; }
  Json& begin_array() { return writer_.StartArray(), *this; }
  Json& end_array() { return writer_.EndArray(), *this; }
  Json& key(std::string_view name) { return value(name); }
  Json& value(std::string_view text) { return writer_.Text(text), *this; }
  Json& value(const std::string& text) { return value(std::string_view(text)); }
  Json& value(const char* text) { return value(std::string_view(text)); }
  Json& value(bool flag) { return writer_.Bool(flag), *this; }
  Json& value(int number) { return writer_.Int(number), *this; }
  Json& value(std::int64_t number) { return writer_.Int64(number), *this; }
  Json& value(std::uint64_t number) { return writer_.Uint64(number), *this; }
  Json& value(std::uint32_t number) { return writer_.Uint(number), *this; }
  Json& value(std::nullptr_t) { return writer_.Null(), *this; }
  template <class Tag>
  Json& value(Id<Tag> id) {
    return value(id.value);
  }
  template <class T>
  Json& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : value(nullptr);
  }
  // Already JSON.
  Json& raw(std::string_view json) { return writer_.Raw(json), *this; }
  // "2026-11-22T09:57:48.608Z", or null.
  Json& time(std::int64_t time_ms) {
    char text[kRfc3339Size];
    write_rfc3339(time_ms, text);
    return value(std::string_view(text, sizeof text));
  }
  Json& time(std::optional<std::int64_t> time_ms) { return time_ms ? time(*time_ms) : value(nullptr); }

  template <class T>
  Json& field(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  Json& raw_field(std::string_view name, std::string_view json) { return key(name).raw(json); }
  template <class T>
  Json& time_field(std::string_view name, T time_ms) {
    return key(name).time(time_ms);
  }

  // The finished text.
  std::string take() {
    if (!writer_.IsComplete()) throw std::logic_error("Json: not complete");
    return std::string(buffer_.GetString(), buffer_.GetSize());
  }

 private:
  struct Writer : rapidjson::Writer<rapidjson::StringBuffer> {
    using rapidjson::Writer<rapidjson::StringBuffer>::Writer;
    // RapidJSON's own RawValue goes byte by byte.
    void Raw(std::string_view json) {
      Prefix(rapidjson::kObjectType);
      if (!json.empty()) std::memcpy(os_->Push(json.size()), json.data(), json.size());
    }
    // RapidJSON's own String looks at each byte until an address divisible by 16, so at all of a short text,
    // and makes room for six times the text.
    void Text(std::string_view text) {
      Prefix(rapidjson::kStringType);
      os_->Put('"');
      for (;;) {
        const std::size_t plain = detail::plain_bytes(text);
        if (plain > 0) std::memcpy(os_->Push(plain), text.data(), plain);
        if (plain == text.size()) break;
        Escape(static_cast<unsigned char>(text[plain]));
        text.remove_prefix(plain + 1);
      }
      os_->Put('"');
    }

   private:
    void Escape(unsigned char byte) {
      constexpr char kDigits[] = "0123456789ABCDEF";
      char* out = os_->Push(2);
      *out++ = '\\';
      switch (byte) {
        case '"':
        case '\\': *out = static_cast<char>(byte); return;
        case '\b': *out = 'b'; return;
        case '\f': *out = 'f'; return;
        case '\n': *out = 'n'; return;
        case '\r': *out = 'r'; return;
        case '\t': *out = 't'; return;
        default: break;
      }
      *out = 'u';
      std::memcpy(os_->Push(2), "00", 2);
      os_->Put(kDigits[byte >> 4]);
      os_->Put(kDigits[byte & 0xF]);
    }
  };
  rapidjson::StringBuffer buffer_{nullptr, 4096};
  Writer writer_;
};

// Lengths of a text in code points.
struct TextRule {
  std::size_t min = 0;
  std::size_t max = 0;
  bool multiline = false;  // else: trimmed, and no control characters
};

// Reads the members of a JSON object by name, collecting everything that is wrong with them; finish() tells,
// and refuses members nobody asked for.
//   auto fields = Fields::parse(request.body());
//   if (!fields) return fields.error();
//   NewPost post{fields->text("title", {3, 255}), …};
//   if (auto ok = fields->finish(); !ok) return ok.error();
class Fields {
 public:
  // Errors: malformed (not JSON), validation (JSON, but not an object).
  static Result<Fields> parse(std::string_view text) {
    Result<rapidjson::Document> document = parse_json(text);
    if (!document) return document.error();
    if (!document->IsObject()) {
      Error error{ErrorCode::validation, "The body must be a JSON object."};
      error.fields.push_back({"", "type", "must be an object"});
      return error;
    }
    return Fields(std::move(*document));
  }

  bool has(std::string_view name) const { return find(name) != nullptr; }
  bool is_null(std::string_view name) const {
    const auto* value = find(name);
    return value && value->IsNull();
  }

  // Required.
  std::string text(std::string_view name, TextRule rule) {
    const auto* value = take(name);
    if (!value || value->IsNull()) return reject(name, "required", "is required"), std::string();
    return text_of(name, *value, rule);
  }
  std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto* value = take(name);
    if (!value || value->IsNull()) return reject(name, "required", "is required"), min;
    return integer_of(name, *value, min, max);
  }
  bool boolean(std::string_view name) {
    const auto* value = take(name);
    if (!value || value->IsNull()) return reject(name, "required", "is required"), false;
    return boolean_of(name, *value);
  }
  // Absent and null are nullopt.
  std::optional<std::string> optional_text(std::string_view name, TextRule rule) {
    const auto* value = take(name);
    if (!value || value->IsNull()) return std::nullopt;
    return text_of(name, *value, rule);
  }
  std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto* value = take(name);
    if (!value || value->IsNull()) return std::nullopt;
    return integer_of(name, *value, min, max);
  }
  std::optional<bool> optional_boolean(std::string_view name) {
    const auto* value = take(name);
    if (!value || value->IsNull()) return std::nullopt;
    return boolean_of(name, *value);
  }
  // Distinct positive ids below 2^53.
  std::optional<std::vector<std::int64_t>> optional_ids(std::string_view name, std::size_t min,
                                                        std::size_t max) {
    const auto* value = take(name);
    if (!value || value->IsNull()) return std::nullopt;
    if (!value->IsArray()) return reject(name, "type", "must be an array of ids"), std::nullopt;
    if (value->Size() < min)
      return reject(name, "too_few", "needs at least " + std::to_string(min)), std::nullopt;
    if (value->Size() > max)
      return reject(name, "too_many", "takes at most " + std::to_string(max)), std::nullopt;
    std::vector<std::int64_t> ids;
    for (rapidjson::SizeType i = 0; i < value->Size(); ++i) {
      const std::string element = std::string(name) + "/" + std::to_string(i);
      ids.push_back(integer_of(element, (*value)[i], 1, kMaxId));
      if (std::find(ids.begin(), ids.end() - 1, ids.back()) != ids.end() - 1)
        reject(element, "duplicate", "appears twice");
    }
    return ids;
  }
  std::vector<std::int64_t> ids(std::string_view name, std::size_t min, std::size_t max) {
    if (!has(name) || is_null(name)) {
      take(name);
      return reject(name, "required", "is required"), std::vector<std::int64_t>();
    }
    return optional_ids(name, min, max).value_or(std::vector<std::int64_t>());
  }
  std::optional<std::vector<std::string>> optional_texts(std::string_view name, std::size_t max,
                                                         TextRule rule) {
    const auto* value = take(name);
    if (!value || value->IsNull()) return std::nullopt;
    if (!value->IsArray()) return reject(name, "type", "must be an array of strings"), std::nullopt;
    if (value->Size() > max)
      return reject(name, "too_many", "takes at most " + std::to_string(max)), std::nullopt;
    std::vector<std::string> texts;
    for (rapidjson::SizeType i = 0; i < value->Size(); ++i) {
      texts.push_back(text_of(std::string(name) + "/" + std::to_string(i), (*value)[i], rule));
    }
    return texts;
  }
  // A member of another shape; asks for it by hand. Null when absent.
  const rapidjson::Value* take(std::string_view name) {
    asked_.emplace(name);
    return find(name);
  }

  void reject(std::string_view name, std::string_view code, std::string_view detail) {
    errors_.push_back({"/" + std::string(name), std::string(code), std::string(detail)});
  }

  // Error: validation, with every wrong, missing and unknown field.
  Result<void> finish() {
    const rapidjson::Value& object = document_;
    for (auto member = object.MemberBegin(); member != object.MemberEnd(); ++member) {
      const std::string name(member->name.GetString(), member->name.GetStringLength());
      if (!asked_.count(name)) reject(escaped(name), "unknown", "is not a field of this request");
    }
    if (errors_.empty()) return {};
    Error error{ErrorCode::validation, "Some fields are not as they should be."};
    error.fields = errors_;
    return error;
  }

  static constexpr std::int64_t kMaxId = (std::int64_t{1} << 53) - 1;

 private:
  explicit Fields(rapidjson::Document document) : document_(std::move(document)) {}

  const rapidjson::Value* find(std::string_view name) const {
    const auto member = document_.FindMember(
        rapidjson::Value(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()))));
    return member == document_.MemberEnd() ? nullptr : &member->value;
  }
  std::string text_of(std::string_view name, const rapidjson::Value& value, TextRule rule) {
    if (!value.IsString()) return reject(name, "type", "must be a string"), std::string();
    std::string_view text(value.GetString(), value.GetStringLength());
    if (!rule.multiline) text = trimmed(text);
    const bool control = std::any_of(text.begin(), text.end(), [&](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte == 0x7F || (byte < 0x20 && !(rule.multiline && (c == '\n' || c == '\r' || c == '\t')));
    });
    if (control)
      return reject(name, "control_character", "must not contain control characters"), std::string();
    const std::size_t length = code_points(rule.multiline ? trimmed(text) : text);
    if (length < rule.min) {
      reject(
          name, length == 0 ? "required" : "too_short",
          length == 0 ? "must not be empty" : "needs at least " + std::to_string(rule.min) + " characters");
    } else if (code_points(text) > rule.max) {
      reject(name, "too_long", "takes at most " + std::to_string(rule.max) + " characters");
    }
    return std::string(text);
  }
  std::int64_t integer_of(std::string_view name, const rapidjson::Value& value, std::int64_t min,
                          std::int64_t max) {
    if (!value.IsInt64()) return reject(name, "type", "must be an integer"), min;
    if (value.GetInt64() < min || value.GetInt64() > max) {
      reject(name, "out_of_range", "must be between " + std::to_string(min) + " and " + std::to_string(max));
      return min;
    }
    return value.GetInt64();
  }
  bool boolean_of(std::string_view name, const rapidjson::Value& value) {
    if (!value.IsBool()) return reject(name, "type", "must be true or false"), false;
    return value.GetBool();
  }
  // RFC 6901
  static std::string escaped(const std::string& name) {
    std::string out;
    for (char c : name) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
  }

  rapidjson::Document document_;
  std::set<std::string, std::less<>> asked_;
  std::vector<FieldError> errors_;
};

}  // namespace stoa
