#include "host/secrets.hpp"

#include "stoa/rapidjson.hpp"

namespace stoa::core::host {

namespace {

using Value = rapidjson::Value;

bool parse(std::string_view text, rapidjson::Document& document) {
  document.Parse(text.data(), text.size());
  return !document.HasParseError() && document.IsObject();
}

std::string written(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

const Value* member(const Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

bool is_secret(const Value& schema) {
  const Value* mark = member(schema, "writeOnly");
  return mark && mark->IsBool() && mark->GetBool();
}

// Calls visit(name, schema of it) for each property that the schema of an object names.
template <class F>
void each_property(const Value& schema, F&& visit) {
  const Value* properties = member(schema, "properties");
  if (!properties || !properties->IsObject()) return;
  for (const auto& property : properties->GetObject()) visit(property.name, property.value);
}

void remove(Value& settings, const Value& schema) {
  each_property(schema, [&](const Value& name, const Value& rule) {
    const auto found = settings.FindMember(name);
    if (found == settings.MemberEnd()) return;
    if (is_secret(rule)) {
      settings.RemoveMember(found);
    } else if (found->value.IsObject()) {
      remove(found->value, rule);
    }
  });
}

void add(Value& settings, const Value& present, const Value& schema,
         rapidjson::Document::AllocatorType& memory) {
  each_property(schema, [&](const Value& name, const Value& rule) {
    const auto old = present.FindMember(name);
    if (old == present.MemberEnd()) return;
    const auto found = settings.FindMember(name);
    if (is_secret(rule) && found == settings.MemberEnd()) {
      settings.AddMember(Value(name, memory), Value(old->value, memory), memory);
    } else if (found != settings.MemberEnd() && found->value.IsObject() && old->value.IsObject()) {
      add(found->value, old->value, rule, memory);
    }
  });
}

}  // namespace

std::string without_secrets(std::string_view settings, std::string_view schema) {
  rapidjson::Document values, rules;
  if (!parse(settings, values) || !parse(schema, rules)) return std::string(settings);
  remove(values, rules);
  return written(values);
}

std::string with_secrets(std::string_view settings, std::string_view present, std::string_view schema) {
  rapidjson::Document values, before, rules;
  if (!parse(settings, values) || !parse(present, before) || !parse(schema, rules))
    return std::string(settings);
  add(values, before, rules, values.GetAllocator());
  return written(values);
}

}  // namespace stoa::core::host
