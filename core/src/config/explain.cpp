#include "config/explain.hpp"

#include <algorithm>

#include "config/nearest.hpp"
#include "config/pattern.hpp"
#include "config/rule_text.hpp"
#include "config/toml_text.hpp"
#include "config/tree.hpp"
#include "stoa/json.hpp"

namespace stoa::core::config {
namespace {

using rapidjson::Value;

bool is_of(const Value& value, std::string_view type) {
  if (type == "string") return value.IsString();
  if (type == "integer") return value.IsInt64() || value.IsUint64();
  if (type == "number") return value.IsNumber();
  if (type == "boolean") return value.IsBool();
  if (type == "array") return value.IsArray();
  if (type == "object") return value.IsObject();
  return value.IsNull();
}

bool outside(const Value& rule, double size, const char* least, const char* most) {
  const Value* min = member(rule, least);
  const Value* max = member(rule, most);
  return (min && min->IsNumber() && size < min->GetDouble()) ||
         (max && max->IsNumber() && size > max->GetDouble());
}

bool is_choice(const Value& rule, const Value& value) {
  if (const Value* only = member(rule, "const")) return *only == value;
  const Value* choices = member(rule, "enum");
  return !choices || !choices->IsArray() ||
         std::find(choices->Begin(), choices->End(), value) != choices->End();
}

// What the value is instead; empty: nothing wrong that is known here.
std::string string_fault(const Value& rule, const Value& value, const std::string& words) {
  const std::size_t length = code_points(text_of(value));
  if (outside(rule, static_cast<double>(length), "minLength", "maxLength"))
    return length == 0 ? "empty" : "one of " + std::to_string(length);
  return rule.HasMember("pattern") || rule.HasMember("x-must-be") ? words : "";
}

std::string number_fault(const Value& rule, const Value& value, const std::string& words) {
  const double number = value.GetDouble();
  const Value* above = member(rule, "exclusiveMinimum");
  const Value* below = member(rule, "exclusiveMaximum");
  const bool wrong = outside(rule, number, "minimum", "maximum") || rule.HasMember("multipleOf") ||
                     (above && above->IsNumber() && number <= above->GetDouble()) ||
                     (below && below->IsNumber() && number >= below->GetDouble());
  return wrong ? words : "";
}

std::string list_fault(const Value& rule, const Value& value, bool secret) {
  if (outside(rule, value.Size(), "minItems", "maxItems"))
    return value.Empty() ? "empty" : "one of " + std::to_string(value.Size());
  const Value* unique = member(rule, "uniqueItems");
  if (!unique || !unique->IsTrue()) return "";
  for (const Value& element : value.GetArray()) {
    if (std::find(value.Begin(), static_cast<const Value*>(&element), element) != &element)
      return "one with " + (secret ? "a value" : shown(element)) + " twice";
  }
  return "";
}

std::string fault(const Value& rule, const Value& value, bool secret) {
  const std::string words = secret ? "this" : shown(value);
  const auto types = types_of(rule);
  const bool fits =
      types.empty() || std::any_of(types.begin(), types.end(), [&](auto type) { return is_of(value, type); });
  if (!fits) return kind_of(value);
  if (!is_choice(rule, value)) return words;
  if (value.IsString()) return string_fault(rule, value, words);
  if (value.IsNumber()) return number_fault(rule, value, words);
  if (value.IsArray()) return list_fault(rule, value, secret);
  if (value.IsObject() && outside(rule, value.MemberCount(), "minProperties", "maxProperties"))
    return "one of " + std::to_string(value.MemberCount());
  return "";
}

bool is_known(const Value& rule, std::string_view name) {
  const Value* rules = member(rule, "properties");
  if (rules && member(*rules, name)) return true;
  const Value* patterns = member(rule, "patternProperties");
  return patterns && patterns->IsObject() &&
         std::any_of(patterns->MemberBegin(), patterns->MemberEnd(),
                     [&](const auto& entry) { return contains(name, text_of(entry.name)); });
}

void explain_members(const Schema& schema, const Value& rule, const Value& value, const KeyPath& base,
                     const KeyPath& path, std::vector<Finding>& findings) {
  const Value* others = member(rule, "additionalProperties");
  if (others && others->IsFalse()) {
    for (const auto& entry : value.GetObject()) {
      const std::string name(text_of(entry.name));
      if (!is_known(rule, name)) findings.push_back({name, unknown_key(schema, base, path / name)});
    }
  }
  const Value* required = member(rule, "required");
  if (!required || !required->IsArray()) return;
  for (const Value& name : required->GetArray()) {
    if (!name.IsString() || member(value, text_of(name))) continue;
    const Value* missing = schema.inside(rule, text_of(name));
    const std::string words = missing ? described(*missing) : "";
    findings.push_back(
        {std::string(text_of(name)), "is missing" + (words.empty() ? "" : "; it must be " + words)});
  }
}

}  // namespace

std::vector<Finding> explain(const Schema& schema, const Value& value, const KeyPath& base,
                             const KeyPath& path, bool secret) {
  std::vector<Finding> findings;
  const Value* rule = schema.at(path);
  if (!rule) return findings;
  if (const std::string instead = fault(*rule, value, secret); !instead.empty()) {
    const std::string words = described(*rule);
    findings.push_back(
        {.message = (words.empty() ? "must not be " : "must be " + words + ", not ") + instead});
  }
  if (value.IsObject()) explain_members(schema, *rule, value, base, path, findings);
  return findings;
}

std::string unknown_key(const Schema& schema, const KeyPath& base, const KeyPath& path) {
  const KeyPath parent(path.begin(), path.end() - 1);
  const auto whole = [&](KeyPath place) {
    place.insert(place.begin(), base.begin(), base.end());
    return dotted(place);
  };
  const Value* around = schema.at(parent);
  if (!around) {
    std::vector<std::string> all;
    for (const KeyPath& key : schema.keys()) all.push_back(dotted(key));
    if (const auto close = nearest(dotted(path), all))
      return "unknown key; did you mean " + whole(split_key(*close)) + "?";
    return unknown_key(schema, base, parent);
  }
  const std::vector<std::string> siblings = names_of(*around);
  if (const auto close = nearest(path.back(), siblings))
    return "unknown key; did you mean " + whole(parent / *close) + "?";
  for (const KeyPath& key : schema.keys()) {
    if (key.back() == path.back()) return "unknown key; did you mean " + whole(key) + "?";
  }
  const std::string place = whole(parent);
  if (siblings.empty()) return "unknown key; " + (place.empty() ? "nothing" : place) + " takes no settings";
  std::string list;
  for (const std::string& name : siblings) list += (list.empty() ? "" : ", ") + name;
  return "unknown key; " + (place.empty() ? "allowed here are " : "in " + place + " there are ") + list;
}

}  // namespace stoa::core::config
