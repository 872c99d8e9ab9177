#include "plugins/snapshot.hpp"

#include <algorithm>
#include <set>

#include "stoa/host.hpp"
#include "stoa/json.hpp"

namespace stoa::core::plugins {

namespace {

Error clash(std::string what, std::string_view first, std::string_view second) {
  return {ErrorCode::validation, "the plugins \"" + std::string(first) + "\" and \"" + std::string(second) +
                                     "\" both claim " + std::move(what)};
}

bool below(std::string_view path, std::string_view prefix) {
  return path.substr(0, prefix.size()) == prefix &&
         (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool may_own(const Manifest& manifest, std::string_view path) {
  if (below(path, "/x/" + manifest.id) || below(path, "/api/v1/x/" + manifest.id)) return true;
  return std::any_of(manifest.prefixes.begin(), manifest.prefixes.end(),
                     [&](const std::string& prefix) { return below(path, prefix); });
}

std::string_view owner_name(const Target& target) {
  return target.owner ? std::string_view(target.owner->id) : "core";
}

Result<void> add_plugin(Snapshot& snapshot, const GenerationPtr& generation) {
  const Contributions& parts = generation->contributions;
  for (const RouteEntry& route : parts.routes) {
    if (!may_own(generation->binary.manifest, route.pattern)) {
      return Error{ErrorCode::validation, "the plugin \"" + generation->id + "\" registers " + route.pattern +
                                              ", which is neither below /api/v1/x/" + generation->id +
                                              " nor below a prefix of its manifest"};
    }
    Target target{generation, route, nullptr, {}};
    const Target* other = nullptr;
    if (!snapshot.routes.add(route.method, route.segments, std::move(target), &other)) {
      return clash(std::string(http::to_string(route.method)) + " " + route.pattern, owner_name(*other),
                   generation->id);
    }
    snapshot.route_list.emplace_back(http::to_string(route.method), route.pattern);
  }
  for (const PageEntry& page : parts.pages) {
    Target target{generation, {}, &page, {}};
    target.route.pattern = page.pattern;
    target.route.auth = STOA_AUTH_NONE;
    const Target* other = nullptr;
    if (!snapshot.pages.add(http::Method::get, page.segments, std::move(target), &other)) {
      return clash("the page " + page.pattern, owner_name(*other), generation->id);
    }
  }
  for (const ChannelEntry& channel : parts.channels) {
    const auto [entry, added] =
        snapshot.channels.emplace(channel.prefix, Snapshot::Channel{generation, &channel});
    if (!added) return clash("the channel " + channel.prefix, entry->second.owner->id, generation->id);
  }
  for (const auto& [id, table] : parts.services) {
    const auto [entry, added] = snapshot.services.emplace(id, Snapshot::Service{generation, table});
    if (!added) return clash("the service " + id, entry->second.owner->id, generation->id);
  }
  for (const auto& [name, role] : parts.permissions) snapshot.permissions.emplace(name, role);
  for (const CommandEntry& command : parts.commands) {
    for (const Snapshot::Command& other : snapshot.commands) {
      if (other.entry->name == command.name)
        return clash("the command " + command.name, other.owner->id, generation->id);
    }
    snapshot.commands.push_back({generation, &command});
  }
  for (const SubscriberEntry& subscriber : parts.subscribers) {
    if (!subscriber.durable) snapshot.listeners.push_back({generation, &subscriber});
  }
  return {};
}

void add_filters(Snapshot& snapshot, const std::vector<GenerationPtr>& active) {
  for (const GenerationPtr& generation : active) {
    for (const std::string& hook : generation->contributions.hooks) snapshot.filters[hook];
  }
  for (const GenerationPtr& generation : active) {
    for (const FilterEntry& filter : generation->contributions.filters) {
      const auto hook = snapshot.filters.find(filter.hook);
      if (hook != snapshot.filters.end()) hook->second.push_back({generation, &filter});
    }
  }
  for (auto& [hook, filters] : snapshot.filters) {
    std::stable_sort(filters.begin(), filters.end(), [](const auto& a, const auto& b) {
      return std::tie(a.entry->priority, a.owner->id) < std::tie(b.entry->priority, b.owner->id);
    });
  }
}

// Copies the members of `part`'s object into `whole`'s object of that name, two levels deep for components.
void merge(rapidjson::Document& whole, const rapidjson::Value& from, const char* name, bool deep) {
  auto& allocator = whole.GetAllocator();
  const auto source = from.FindMember(name);
  if (source == from.MemberEnd() || !source->value.IsObject()) return;
  if (!whole.HasMember(name))
    whole.AddMember(rapidjson::Value(name, allocator), rapidjson::Value(rapidjson::kObjectType), allocator);
  for (const auto& member : source->value.GetObject()) {
    auto& target = whole[name];
    const auto existing = target.FindMember(member.name);
    if (deep && existing != target.MemberEnd() && existing->value.IsObject() && member.value.IsObject()) {
      for (const auto& inner : member.value.GetObject()) {
        if (existing->value.HasMember(inner.name)) continue;
        existing->value.AddMember(rapidjson::Value(inner.name, allocator),
                                  rapidjson::Value(inner.value, allocator), allocator);
      }
    } else if (existing == target.MemberEnd()) {
      target.AddMember(rapidjson::Value(member.name, allocator), rapidjson::Value(member.value, allocator),
                       allocator);
    } else if (existing->value.IsObject() && member.value.IsObject()) {
      for (const auto& inner : member.value.GetObject()) {
        if (existing->value.HasMember(inner.name)) continue;
        existing->value.AddMember(rapidjson::Value(inner.name, allocator),
                                  rapidjson::Value(inner.value, allocator), allocator);
      }
    }
  }
}

Result<std::string> assemble_openapi(std::string_view core, const std::vector<GenerationPtr>& active) {
  auto whole = parse_json(core);
  if (!whole) return Error{ErrorCode::internal, "the host's OpenAPI part: " + whole.error().message};
  for (const GenerationPtr& generation : active) {
    const std::string_view text = detail::view(generation->desc->openapi);
    if (text.empty()) continue;
    auto part = parse_json(text);
    if (!part || !part->IsObject()) {
      return Error{ErrorCode::validation,
                   "the plugin \"" + generation->id + "\" has an OpenAPI part that is not a JSON object"};
    }
    merge(*whole, *part, "paths", false);
    merge(*whole, *part, "components", true);
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  whole->Accept(writer);
  return std::string(buffer.GetString(), buffer.GetSize());
}

std::string public_list(const std::vector<PluginInfo>& plugins) {
  Json json;
  json.begin_object().key("items").begin_array();
  for (const PluginInfo& plugin : plugins) {
    if (plugin.state != State::active) continue;
    json.begin_object()
        .field("id", plugin.id)
        .field("version", plugin.version)
        .field("name", plugin.name)
        .key("ui");
    if (plugin.ui_hash.empty()) {
      json.value(nullptr);
    } else {
      json.begin_object()
          .field("module", "/plugins/" + plugin.id + "/" + plugin.ui_hash + "/index.js")
          .field("hash", plugin.ui_hash)
          .end_object();
    }
    json.end_object();
  }
  return json.end_array().end_object().take();
}

template <class Map>
auto longest_prefix(const Map& map, std::string_view name) -> decltype(&map.begin()->second) {
  if (const auto exact = map.find(name); exact != map.end() && exact->first.back() != ':')
    return &exact->second;
  const auto colon = name.find(':');
  if (colon == std::string_view::npos) return nullptr;
  const auto entry = map.find(name.substr(0, colon + 1));
  return entry == map.end() ? nullptr : &entry->second;
}

}  // namespace

const Snapshot::Channel* Snapshot::channel(std::string_view name) const {
  return longest_prefix(channels, name);
}

bool Snapshot::channel_disabled(std::string_view name) const {
  return std::any_of(disabled_channels.begin(), disabled_channels.end(), [&](const std::string& prefix) {
    return prefix.back() == ':' ? name.substr(0, prefix.size()) == prefix : name == prefix;
  });
}

bool Snapshot::path_disabled(std::string_view path) const {
  return std::any_of(disabled_prefixes.begin(), disabled_prefixes.end(),
                     [&](const auto& entry) { return below(path, entry.first); });
}

Result<SnapshotPtr> build_snapshot(const std::vector<GenerationPtr>& active,
                                   const std::vector<Target>& host_routes, std::vector<PluginInfo> plugins,
                                   const std::vector<Manifest>& disabled, std::string_view core_openapi) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->permissions.emplace(kAdminPermission, STOA_ROLE_ADMIN);
  std::map<std::string, std::string> prefixes;
  for (const GenerationPtr& generation : active) {
    for (const std::string& prefix : generation->binary.manifest.prefixes) {
      const auto [entry, added] = prefixes.emplace(prefix, generation->id);
      if (!added) return clash("the prefix " + prefix, entry->second, generation->id);
    }
  }
  for (const Target& target : host_routes) {
    snapshot->routes.add(target.route.method, target.route.segments, target);
    snapshot->route_list.emplace_back(http::to_string(target.route.method), target.route.pattern);
  }
  for (const GenerationPtr& generation : active) {
    if (auto added = add_plugin(*snapshot, generation); !added) return added.error();
  }
  add_filters(*snapshot, active);
  for (const Manifest& manifest : disabled) {
    for (const std::string& prefix : manifest.prefixes)
      snapshot->disabled_prefixes.emplace_back(prefix, manifest.id);
    for (const char* base : {"/x/", "/api/v1/x/"})
      snapshot->disabled_prefixes.emplace_back(base + manifest.id, manifest.id);
    for (const std::string& channel : manifest.channels) snapshot->disabled_channels.push_back(channel);
  }
  snapshot->public_plugins = public_list(plugins);
  snapshot->plugins = std::move(plugins);
  auto openapi = assemble_openapi(core_openapi, active);
  if (!openapi) return openapi.error();
  snapshot->openapi = std::move(*openapi);
  return SnapshotPtr(std::move(snapshot));
}

}  // namespace stoa::core::plugins
