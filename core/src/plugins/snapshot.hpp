// Everything that is active now, immutable: requests work on the one they entered with.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/router.hpp"
#include "plugins/generation.hpp"
#include "plugins/request.hpp"

namespace stoa::core::plugins {

// Guards the host's own administration routes.
inline constexpr const char* kAdminPermission = "core.admin";

// What a path leads to: a plugin's route or page, or the host's own.
struct Target {
  GenerationPtr owner;  // null: the host
  RouteEntry route;     // also of pages: as GET, Auth none
  const PageEntry* page = nullptr;
  std::function<void(const RequestPtr&)> host;  // [worker]
};

struct PluginInfo {
  std::string id, name, version, description;
  State state = State::disabled;
  std::string error;
  std::string ui_hash;  // empty: no browser side
  std::string settings, schema;
  GenerationPtr generation;  // the active one
};

struct Snapshot {
  http::RouteTable<Target> routes;
  http::RouteTable<Target> pages;
  std::vector<std::pair<std::string, std::string>> disabled_prefixes;  // prefix, plugin id
  std::vector<std::string> disabled_channels;                          // prefixes
  struct Filter {
    GenerationPtr owner;
    const FilterEntry* entry;
  };
  std::map<std::string, std::vector<Filter>, std::less<>> filters;  // of defined hooks, in order
  struct Channel {
    GenerationPtr owner;
    const ChannelEntry* entry;
  };
  std::map<std::string, Channel, std::less<>> channels;  // by prefix
  struct Service {
    GenerationPtr owner;
    const void* table;
  };
  std::map<std::string, Service, std::less<>> services;
  std::map<std::string, stoa_role, std::less<>> permissions;
  struct Command {
    GenerationPtr owner;
    const CommandEntry* entry;
  };
  std::vector<Command> commands;
  struct Listener {
    GenerationPtr owner;
    const SubscriberEntry* entry;
  };
  std::vector<Listener> listeners;  // live ones
  std::vector<PluginInfo> plugins;  // all that were found, by id
  std::string public_plugins;       // GET /plugins
  std::string openapi;              // the whole document
  std::vector<std::pair<std::string, std::string>>
      route_list;  // method, pattern: what the document must agree with

  const Channel* channel(std::string_view name) const;
  bool channel_disabled(std::string_view name) const;
  bool path_disabled(std::string_view path) const;
};

// Builds one of the host's own targets and the active generations. Error: validation, naming both owners of
// what two claim.
Result<SnapshotPtr> build_snapshot(const std::vector<GenerationPtr>& active,
                                   const std::vector<Target>& host_routes, std::vector<PluginInfo> plugins,
                                   const std::vector<Manifest>& disabled, std::string_view core_openapi);

}  // namespace stoa::core::plugins
