#include "config/toml_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace stoa::core::config {
namespace {

std::string number_text(const rapidjson::Value& value) {
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (value.IsUint64()) return std::to_string(value.GetUint64());
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value.GetDouble()).ptr;
  std::string text(digits, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string list_text(const rapidjson::Value& list) {
  std::string text = "[";
  for (const rapidjson::Value& element : list.GetArray()) {
    if (text.size() > 1) text += ", ";
    text += toml_text(element);
  }
  return text + "]";
}

std::string table_text(const rapidjson::Value& table) {
  std::string text;
  for (const auto& member : table.GetObject()) {
    const std::string_view name(member.name.GetString(), member.name.GetStringLength());
    text += text.empty() ? "{ " : ", ";
    text += (is_bare_key(name) ? std::string(name) : toml_quoted(name)) + " = " + toml_text(member.value);
  }
  return text.empty() ? "{}" : text + " }";
}

}  // namespace

std::string toml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04X", static_cast<unsigned>(byte));
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string toml_text(const rapidjson::Value& value) {
  if (value.IsString()) return toml_quoted({value.GetString(), value.GetStringLength()});
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  if (value.IsArray()) return list_text(value);
  if (value.IsObject()) return table_text(value);
  if (value.IsNumber()) return number_text(value);
  return "null";
}

bool is_bare_key(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

}  // namespace stoa::core::config
