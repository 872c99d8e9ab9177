#include "config/rule_text.hpp"

#include "config/schema.hpp"
#include "config/toml_text.hpp"
#include "config/tree.hpp"

namespace stoa::core::config {
namespace {

using rapidjson::Value;

// " from 1 to 64", "" where there is neither.
std::string range(const Value& rule, const char* least, const char* most) {
  const Value* min = member(rule, least);
  const Value* max = member(rule, most);
  if (min && max) return " from " + toml_text(*min) + " to " + toml_text(*max);
  if (min) return " of at least " + toml_text(*min);
  if (max) return " of at most " + toml_text(*max);
  return "";
}

std::string number_text(const Value& rule, const std::string& name) {
  std::string text = name + range(rule, "minimum", "maximum");
  if (const Value* above = member(rule, "exclusiveMinimum"); above && above->IsNumber())
    text += " above " + toml_text(*above);
  if (const Value* below = member(rule, "exclusiveMaximum"); below && below->IsNumber())
    text += " below " + toml_text(*below);
  if (const Value* step = member(rule, "multipleOf")) text += ", a multiple of " + toml_text(*step);
  return text;
}

// " of 1 to 64 characters".
std::string count(const Value& rule, const char* least, const char* most, const std::string& what) {
  const Value* min = member(rule, least);
  const Value* max = member(rule, most);
  if (min && max && *min == *max) return " of " + toml_text(*min) + " " + what;
  if (min && max) return " of " + toml_text(*min) + " to " + toml_text(*max) + " " + what;
  if (min) return " of at least " + toml_text(*min) + " " + what;
  if (max) return " of at most " + toml_text(*max) + " " + what;
  return "";
}

std::string plural(const Value& list) {
  const Value* items = member(list, "items");
  const auto types = items ? types_of(*items) : std::vector<std::string_view>();
  if (types.size() != 1) return "values";
  if (types[0] == "string") return "strings";
  if (types[0] == "integer") return "integers";
  if (types[0] == "number") return "numbers";
  if (types[0] == "object") return "tables";
  return "values";
}

std::string type_text(const Value& rule, std::string_view type) {
  if (type == "string") {
    std::string text = "a string" + count(rule, "minLength", "maxLength", "characters");
    if (const Value* pattern = member(rule, "pattern"); pattern && pattern->IsString())
      text += " that matches " + std::string(text_of(*pattern));
    return text;
  }
  if (type == "integer") return number_text(rule, "an integer");
  if (type == "number") return number_text(rule, "a number");
  if (type == "boolean") return "true or false";
  if (type == "object") return "a table" + count(rule, "minProperties", "maxProperties", "keys");
  if (type == "null") return "null";
  const std::string counted = count(rule, "minItems", "maxItems", plural(rule));
  const Value* unique = member(rule, "uniqueItems");
  return "a list" + (counted.empty() ? " of " + plural(rule) : counted) +
         (unique && unique->IsTrue() ? " without repetition" : "");
}

}  // namespace

std::string described(const Value& rule) {
  if (const Value* words = member(rule, "x-must-be"); words && words->IsString())
    return std::string(text_of(*words));
  if (const Value* only = member(rule, "const")) return toml_text(*only);
  if (const Value* choices = member(rule, "enum"); choices && choices->IsArray()) {
    std::string text = choices->Size() > 1 ? "one of " : "";
    for (const Value& choice : choices->GetArray())
      text += (&choice == choices->Begin() ? "" : ", ") + toml_text(choice);
    return text;
  }
  std::string text;
  for (const std::string_view type : types_of(rule))
    text += (text.empty() ? "" : " or ") + type_text(rule, type);
  return text;
}

std::string kind_of(const Value& value) {
  if (value.IsString()) return "a string";
  if (value.IsBool()) return "a boolean";
  if (value.IsArray()) return "a list";
  if (value.IsObject()) return "a table";
  if (value.IsInt64() || value.IsUint64()) return "an integer";
  return value.IsNumber() ? "a float" : "null";
}

std::string shown(const Value& value) {
  constexpr std::size_t kLongest = 80;
  const std::string text = toml_text(value);
  return text.size() <= kLongest ? text : kind_of(value) + " that long";
}

}  // namespace stoa::core::config
