#include "plugins/manifest.hpp"

#include <algorithm>
#include <set>

#include "stoa/json.hpp"

namespace stoa::core::plugins {

namespace {

Error mistake(std::string message) {
  return {ErrorCode::validation, "plugin.json: " + std::move(message)};
}

std::string compact(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return std::string(buffer.GetString(), buffer.GetSize());
}

}  // namespace

bool valid_id(std::string_view id) {
  return id.size() >= 2 && id.size() <= 32 && id[0] >= 'a' && id[0] <= 'z' &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Result<Manifest> parse_manifest(std::string_view json) {
  auto document = parse_json(json);
  if (!document) return mistake(document.error().message);
  if (!document->IsObject()) return mistake("must be a JSON object");
  Manifest manifest;
  const std::set<std::string_view> known{"id",       "name",     "version",  "description", "sdk",
                                         "requires", "prefixes", "channels", "settings"};
  for (const auto& member : document->GetObject()) {
    const std::string key(member.name.GetString(), member.name.GetStringLength());
    if (!known.count(key)) return mistake("unknown key \"" + key + "\"");
  }
  for (const auto& [key, target, required] :
       {std::tuple{"id", &manifest.id, true}, std::tuple{"name", &manifest.name, false},
        std::tuple{"version", &manifest.version, true},
        std::tuple{"description", &manifest.description, false}, std::tuple{"sdk", &manifest.sdk, false}}) {
    const auto member = document->FindMember(key);
    if (member == document->MemberEnd()) {
      if (required) return mistake(std::string("\"") + key + "\" is required");
      continue;
    }
    if (!member->value.IsString()) return mistake(std::string("\"") + key + "\" must be a string");
    target->assign(member->value.GetString(), member->value.GetStringLength());
  }
  if (!valid_id(manifest.id)) return mistake("\"id\" must match [a-z][a-z0-9_]{1,31}");
  if (manifest.id == "core") return mistake("\"id\" \"core\" is the host's own");
  if (manifest.name.empty()) manifest.name = manifest.id;
  for (const auto& [key, target] :
       {std::pair{"requires", &manifest.needs}, std::pair{"prefixes", &manifest.prefixes},
        std::pair{"channels", &manifest.channels}}) {
    const auto member = document->FindMember(key);
    if (member == document->MemberEnd()) continue;
    if (!member->value.IsArray()) return mistake(std::string("\"") + key + "\" must be an array of strings");
    for (const auto& element : member->value.GetArray()) {
      if (!element.IsString()) return mistake(std::string("\"") + key + "\" must be an array of strings");
      target->emplace_back(element.GetString(), element.GetStringLength());
    }
  }
  for (const std::string& prefix : manifest.prefixes) {
    if (prefix.size() < 2 || prefix[0] != '/' || prefix.back() == '/') {
      return mistake("a prefix begins with '/', is more than that, and does not end with it: \"" + prefix +
                     "\"");
    }
  }
  const auto settings = document->FindMember("settings");
  if (settings != document->MemberEnd()) {
    if (!settings->value.IsObject()) return mistake("\"settings\" must be a JSON schema");
    manifest.settings = compact(settings->value);
  }
  return manifest;
}

}  // namespace stoa::core::plugins
