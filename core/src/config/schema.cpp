#include "config/schema.hpp"

#include <algorithm>

#include "config/tree.hpp"
#include "stoa/json.hpp"

namespace stoa::core::config {
namespace {

using rapidjson::Value;
using Memory = rapidjson::Document::AllocatorType;

// Where a schema says more than its list of keys, it knows itself what else it allows.
bool leaves_open(const Value& rule) {
  for (const char* word :
       {"additionalProperties", "patternProperties", "allOf", "anyOf", "oneOf", "if", "$ref"}) {
    if (rule.HasMember(word)) return false;
  }
  return rule.HasMember("properties");
}

// Whether keys that are not listed may stand there.
bool takes_others(const Value& rule) {
  const auto types = types_of(rule);
  if (!types.empty() && std::find(types.begin(), types.end(), "object") == types.end()) return false;
  const Value* others = member(rule, "additionalProperties");
  return !others || !others->IsFalse();
}

void close(Value& rule, Memory& memory) {
  if (!rule.IsObject()) return;
  if (leaves_open(rule)) rule.AddMember("additionalProperties", false, memory);
  if (const auto items = rule.FindMember("items"); items != rule.MemberEnd()) close(items->value, memory);
  for (const char* word : {"properties", "definitions"}) {
    const auto rules = rule.FindMember(word);
    if (rules == rule.MemberEnd() || !rules->value.IsObject()) continue;
    for (auto& entry : rules->value.GetObject()) close(entry.value, memory);
  }
}

// More than anybody sets; rules that refer to one another could make any number.
constexpr std::size_t kMostKeys = 1000;
constexpr int kMostSteps = 16;  // from one $ref to the next

// `around`: the tables on the way here. One that refers back to them counts as a value.
void collect(const Schema& schema, const Value& rule, const KeyPath& path, std::vector<const Value*>& around,
             std::vector<KeyPath>& keys) {
  around.push_back(&rule);
  for (const std::string& name : names_of(rule)) {
    if (keys.size() >= kMostKeys) break;
    const Value* inner = schema.inside(rule, name);
    if (!inner) continue;
    if (is_table(*inner) && std::find(around.begin(), around.end(), inner) == around.end()) {
      collect(schema, *inner, path / name, around, keys);
    } else {
      keys.push_back(path / name);
    }
  }
  around.pop_back();
}

// What valijson would crash over instead of refusing; null: nothing.
const char* fault_of(const Value& rule) {
  if (rule.IsArray()) {
    for (const Value& element : rule.GetArray()) {
      if (const char* fault = fault_of(element)) return fault;
    }
  }
  if (!rule.IsObject()) return nullptr;
  for (const auto& [name, value] : rule.GetObject()) {
    // Elsewhere than in a rule these are names of settings, and hold rules.
    const std::string_view key = text_of(name);
    if (key == "$ref" && value.IsString()) {
      const std::string_view place = text_of(value);
      if (place != "#" && !place.starts_with("#/")) return "A $ref must begin with \"#/\".";
    }
    if (key == "multipleOf" && value.IsNumber() && value.GetDouble() <= 0)
      return "multipleOf must be greater than 0.";
    if (const char* fault = fault_of(value)) return fault;
  }
  return nullptr;
}

}  // namespace

Result<Schema> Schema::parse(std::string_view text) {
  if (trimmed(text).empty()) text = "{}";
  Result<rapidjson::Document> document = parse_json(text);
  if (!document) return document.error();
  if (!document->IsObject()) return Error{ErrorCode::malformed, "It is not a JSON object."};
  if (const char* fault = fault_of(*document)) return Error{ErrorCode::malformed, fault};
  auto& memory = document->GetAllocator();
  if (document->ObjectEmpty()) document->AddMember("properties", Value(rapidjson::kObjectType), memory);
  if (!document->HasMember("type")) document->AddMember("type", "object", memory);
  close(*document, memory);
  Schema schema(std::move(*document));
  if (schema.has_endless_reference(schema.root_))
    return Error{ErrorCode::malformed, "A $ref leads to itself, or over too many others."};
  return schema;
}

const Schema& Schema::of_the_file() {
  static const Schema schema = std::move(parse(file_schema_text()).value());
  return schema;
}

const Value* Schema::referred(const Value& rule) const {
  const Value* reference = member(rule, "$ref");
  if (!reference || !reference->IsString()) return nullptr;
  const Value* target = &root_;
  if (text_of(*reference) == "#") return target;
  for (const std::string& name : split(text_of(*reference).substr(2), "/")) {
    target = member(*target, name);
    if (!target) return nullptr;
  }
  return target;
}

const Value& Schema::followed(const Value& rule) const {
  const Value* at = &rule;
  for (int step = 0; step < kMostSteps; ++step) {
    const Value* target = referred(*at);
    if (!target) return *at;
    at = target;
  }
  return *at;
}

bool Schema::has_endless_reference(const Value& rule) const {
  if (rule.IsArray()) {
    return std::any_of(rule.Begin(), rule.End(),
                       [&](const Value& element) { return has_endless_reference(element); });
  }
  if (!rule.IsObject()) return false;
  return referred(followed(rule)) ||
         std::any_of(rule.MemberBegin(), rule.MemberEnd(),
                     [&](const auto& inner) { return has_endless_reference(inner.value); });
}

const Value* Schema::inside(const Value& rule, std::string_view name) const {
  const bool element = name.starts_with('[');
  const Value* inner = nullptr;
  if (element) {
    inner = member(rule, "items");
  } else if (const Value* rules = member(rule, "properties")) {
    inner = member(*rules, name);
  }
  if (!inner && !element) inner = member(rule, "additionalProperties");
  return inner && inner->IsObject() ? &followed(*inner) : nullptr;
}

const Value* Schema::at(const KeyPath& path) const {
  const Value* rule = &followed(root_);
  for (const std::string& name : path) {
    rule = inside(*rule, name);
    if (!rule) return nullptr;
  }
  return rule;
}

bool Schema::is_secret(const KeyPath& path) const {
  const Value* rule = &followed(root_);
  for (const std::string& name : path) {
    rule = inside(*rule, name);
    const Value* flag = rule ? member(*rule, "writeOnly") : nullptr;
    if (flag && flag->IsTrue()) return true;
    if (!rule) return false;
  }
  return false;
}

void Schema::fill(Value& value, Memory& memory) const {
  fill(followed(root_), value, memory);
}

void Schema::fill(const Value& rule, Value& value, Memory& memory) const {
  const Value* rules = member(rule, "properties");
  if (!rules || !rules->IsObject() || !value.IsObject()) return;
  for (const auto& entry : rules->GetObject()) {
    const Value& inner = followed(entry.value);
    const auto present = value.FindMember(entry.name);
    if (present != value.MemberEnd()) {
      fill(inner, present->value, memory);
      continue;
    }
    Value filled(rapidjson::kObjectType);
    const Value* standard = member(inner, "default");
    if (standard) filled.CopyFrom(*standard, memory);
    // A rule may refer to itself: what is only referred to is not made.
    if (!entry.value.IsObject() || !entry.value.HasMember("$ref")) fill(inner, filled, memory);
    if (!standard && filled.ObjectEmpty()) continue;
    value.AddMember(Value(entry.name, memory), filled, memory);
  }
}

std::optional<KeyPath> Schema::resolve(const KeyPath& parts, bool exact) const {
  const Value* rule = &followed(root_);
  KeyPath path;
  for (const std::string& part : parts) {
    const std::vector<std::string> names = names_of(*rule);
    const auto name = std::find_if(names.begin(), names.end(), [&](const auto& known) {
      return exact ? known == part : variable_part(known) == part;
    });
    if (name != names.end()) {
      path.push_back(*name);
    } else if (takes_others(*rule) && !part.empty()) {
      path.push_back(exact ? part : lower_case(part));
    } else {
      return std::nullopt;
    }
    static const Value anything(rapidjson::kObjectType);
    const Value* inner = inside(*rule, path.back());
    rule = inner ? inner : &anything;
  }
  return path;
}

std::vector<KeyPath> Schema::keys() const {
  std::vector<const Value*> around;
  std::vector<KeyPath> keys;
  collect(*this, followed(root_), {}, around, keys);
  return keys;
}

std::vector<std::string> names_of(const Value& rule) {
  std::vector<std::string> names;
  const Value* rules = member(rule, "properties");
  if (!rules || !rules->IsObject()) return names;
  for (const auto& entry : rules->GetObject()) names.emplace_back(text_of(entry.name));
  return names;
}

std::vector<std::string_view> types_of(const Value& rule) {
  const Value* type = member(rule, "type");
  if (!type) return {};
  if (type->IsString()) return {text_of(*type)};
  std::vector<std::string_view> types;
  if (type->IsArray()) {
    for (const Value& each : type->GetArray()) {
      if (each.IsString()) types.push_back(text_of(each));
    }
  }
  return types;
}

bool is_table(const Value& rule) {
  const auto types = types_of(rule);
  return types.size() == 1 && types.front() == "object";
}

}  // namespace stoa::core::config
