#include "config/text_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "config/explain.hpp"
#include "config/nearest.hpp"
#include "config/rule_text.hpp"
#include "config/toml_file.hpp"
#include "config/toml_text.hpp"
#include "stoa/json.hpp"

namespace stoa::core::config {
namespace {

using rapidjson::Value;
using Memory = rapidjson::Document::AllocatorType;

bool convert_flag(std::string_view text, Value& value) {
  const std::string word = lower_case(text);
  if (word == "true" || word == "1" || word == "on") return value.SetBool(true), true;
  if (word == "false" || word == "0" || word == "off") return value.SetBool(false), true;
  return false;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool convert_list(std::string_view text, const Schema& schema, const Value& rule, Value& value,
                  Memory& memory) {
  static const Value anything(rapidjson::kObjectType);
  const Value* items = schema.inside(rule, "[0]");
  value.SetArray();
  if (trimmed(text).empty()) return true;
  for (const std::string& part : split(text, ",")) {
    Value element;
    if (!convert(trimmed(part), schema, items ? *items : anything, element, memory)) return false;
    value.PushBack(element, memory);
  }
  return true;
}

bool convert_as(std::string_view type, std::string_view text, const Schema& schema, const Value& rule,
                Value& value, Memory& memory) {
  if (type == "boolean") return convert_flag(text, value);
  if (type == "integer") {
    std::int64_t number = 0;
    return read_number(text, number) && (value.SetInt64(number), true);
  }
  if (type == "number") {
    double number = 0;
    return read_number(text, number) && std::isfinite(number) && (value.SetDouble(number), true);
  }
  if (type == "array") return convert_list(text, schema, rule, value, memory);
  if (type != "string") return false;
  value.SetString(text_ref(text), memory);
  return true;
}

std::string unknown_variable(const Schema& schema, const KeyPath& base, const KeyPath& parts) {
  const auto whole = [&](KeyPath path) {
    path.insert(path.begin(), base.begin(), base.end());
    return variable_name(path);
  };
  const std::vector<KeyPath> keys = schema.keys();
  std::vector<std::string> names;
  for (const KeyPath& key : keys) names.push_back(variable_name(key));
  if (const auto close = nearest(variable_name(parts), names))
    return "unknown variable; did you mean " +
           whole(keys[static_cast<std::size_t>(std::find(names.begin(), names.end(), *close) -
                                               names.begin())]) +
           "?";
  for (const KeyPath& key : keys) {
    if (variable_part(key.back()) == parts.back())
      return "unknown variable; did you mean " + whole(key) + "?";
  }
  if (keys.empty()) return "unknown variable; " + dotted(base) + " takes no settings";
  return "unknown variable; \"stoa config print\" lists the keys";
}

void apply_one(const TextValue& given, const Schema& schema, const KeyPath& base, Tree& tree,
               std::vector<Mistake>& mistakes) {
  KeyPath as_written;
  for (const std::string& part : given.parts)
    as_written.push_back(given.is_variable ? lower_case(part) : part);
  const std::optional<KeyPath> path = schema.resolve(given.parts, !given.is_variable);
  const auto reject = [&](std::string message) {
    KeyPath place = base;
    for (const std::string& name : path ? *path : as_written) place.push_back(name);
    mistakes.push_back({given.origin.where, dotted(place), std::move(message)});
  };
  if (!path) {
    return reject(given.is_variable ? unknown_variable(schema, base, given.parts)
                                    : unknown_key(schema, base, as_written));
  }
  if (given.text.size() > kLongestText)
    return reject("must be at most " + std::to_string(kLongestText) + " bytes long");
  if (given.text.find('\0') != std::string::npos) return reject("must not contain a NUL character");
  static const Value anything(rapidjson::kObjectType);
  const Value* found = schema.at(*path);
  const Value& rule = found ? *found : anything;
  if (is_table(rule)) return reject("is a section, not a value; set its keys one by one");
  rapidjson::Document value;
  if (!convert(given.text, schema, rule, value, value.GetAllocator())) {
    const bool hidden = given.origin.secret || schema.is_secret(*path);
    return reject("must be " + described(rule) + ", not " + (hidden ? "this" : toml_quoted(given.text)));
  }
  KeyPath place = base;
  place.insert(place.end(), path->begin(), path->end());
  tree.set(place, value, given.origin);
}

}  // namespace

bool convert(std::string_view text, const Schema& schema, const Value& rule, Value& value, Memory& memory) {
  const auto types = types_of(rule);
  if (types.empty()) return convert_as("string", text, schema, rule, value, memory);
  // Every text is a string: whatever else is allowed comes first.
  for (const std::string_view type : types) {
    if (type != "string" && convert_as(type, text, schema, rule, value, memory)) return true;
  }
  return std::find(types.begin(), types.end(), "string") != types.end() &&
         convert_as("string", text, schema, rule, value, memory);
}

void apply(const std::vector<TextValue>& values, const Schema& schema, const KeyPath& base, Tree& tree,
           std::vector<Mistake>& mistakes) {
  for (const TextValue& given : values) apply_one(given, schema, base, tree, mistakes);
}

}  // namespace stoa::core::config
