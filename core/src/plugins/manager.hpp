// Which generation of which plugin is active: the lifecycle of all plugins, at start and while the forum
// runs.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "plugins/discovery.hpp"
#include "plugins/generation.hpp"
#include "plugins/snapshot.hpp"
#include "stoa/result.hpp"

namespace stoa::core::plugins {

using ConfigPtr = std::shared_ptr<const config::Config>;

struct ManagerOptions {
  std::filesystem::path directory;      // of the plugin files
  std::filesystem::path run_directory;  // of the copies that are loaded
  bool continue_on_failure = false;
  std::string core_openapi;
  std::chrono::milliseconds drain_deadline{10'000};
};

// [lifecycle] Everything but snapshot(): one call at a time.
class Manager {
 public:
  Manager(ManagerOptions options, ConfigPtr config, HostParts& parts);
  ~Manager();

  // The host's own routes, before load().
  void add_host_routes(std::vector<Target> routes) { host_routes_ = std::move(routes); }
  // Plugins that are left out, with those that need them, and why. Before load(), and to let one try again.
  void quarantine(std::map<std::string, std::string> why) { quarantined_ = std::move(why); }
  // Called after a change while the forum runs, with what is active now.
  void on_changed(std::function<void()> call) { changed_ = std::move(call); }

  // Up to MIGRATED. Error: validation, all that is wrong, one line each. With continue_on_failure a plugin
  // that fails, and those that need it, are left out instead.
  Result<void> load();
  // Up to ACTIVE; snapshots are published as plugins become active.
  Result<void> start();
  // Active plugins stop, the last started first. Idempotent.
  void stop(std::chrono::milliseconds drain_deadline);

  // ---- While the forum serves. Nobody's request fails for it, nobody's socket is closed. A failed change
  // leaves everything as it was. Errors: not_found (no such plugin), conflict (needed by others, needs
  // others), validation (it could not be loaded, started, …).
  Result<void> enable(const std::string& id);
  Result<void> disable(const std::string& id);
  // To the file that is in the directory now. false: that one runs already.
  Result<bool> upgrade(const std::string& id);
  // Makes the active plugins and their settings those of that configuration, as far as that is possible;
  // returns what was not.
  std::vector<std::string> apply(ConfigPtr config);
  // The settings of an active plugin as that configuration has them.
  Result<void> configure(const std::string& id, const ConfigPtr& config);

  // Whether the plugins fit together if exactly these were enabled. Error: conflict, with all that is wrong.
  Result<void> fits(const std::vector<std::string>& enabled);

  // The browser files of every plugin that was active since the start: path as served, bytes.
  void for_each_asset(
      const std::function<void(const std::string& path, std::string_view bytes)>& visit) const;

  // [any-thread] Never null after construction.
  SnapshotPtr snapshot() const { return std::atomic_load(&snapshot_); }
  const std::vector<std::string>& enabled() const { return enabled_; }
  ConfigPtr config() const { return config_; }

 private:
  using Subscriptions = std::vector<std::shared_ptr<void>>;

  Result<std::string> settings_of(const config::Config& config, const Binary& binary) const;
  Result<GenerationPtr> make(const Binary& binary, const Generation* serving);
  Result<void> activate(const GenerationPtr& generation);
  Result<void> replace(const GenerationPtr& old, const Binary& binary);
  Result<void> publish();
  void publish_known();
  void told();
  void fail(const std::string& id, const std::string& why);
  void retire(const GenerationPtr& generation, State otherwise);
  void withdraw_channels(const Generation& generation);
  void tell_watchers(const Generation& provider, bool available);
  void tell_new_watcher(const Generation& watcher);
  GenerationPtr active(const std::string& id) const;
  std::vector<std::string> dependants(const std::string& id) const;
  std::vector<std::string> without_quarantined(const std::vector<std::string>& ids);

  const ManagerOptions options_;
  HostParts& parts_;
  ConfigPtr config_;
  std::vector<std::string> enabled_;
  std::map<std::string, std::string> quarantined_;
  std::vector<Target> host_routes_;
  std::function<void()> changed_;
  Found found_;
  std::vector<GenerationPtr> loaded_;  // MIGRATED, not yet started
  std::vector<GenerationPtr> active_;  // in the order of their start
  std::vector<GenerationPtr> past_;    // their plugins may still hold them
  std::map<std::string, std::pair<State, std::string>> states_;
  std::map<std::string, GenerationPtr> hung_;  // switched off, with calls that did not end
  std::map<const Generation*, Subscriptions> subscriptions_;
  std::map<std::string, const stoa_plugin_desc*> assets_;  // by served prefix
  SnapshotPtr snapshot_;
};

}  // namespace stoa::core::plugins
