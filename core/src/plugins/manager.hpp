// The lifecycle of all plugins: discover, verify, resolve, load, create, migrate, start; and back.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "plugins/generation.hpp"
#include "plugins/snapshot.hpp"
#include "stoa/result.hpp"

namespace stoa::core::plugins {

// What is in the plugin directory. Broken files are listed with what is wrong.
struct Found {
  std::map<std::string, Binary> binaries;     // by id
  std::map<std::string, std::string> broken;  // by file name without ".so"
};
Found discover(const std::filesystem::path& directory);

// The enabled ids in an order in which everyone comes after what it requires. All mistakes: missing file,
// broken file, required but not enabled (naming who needs it), circular.
struct Resolution {
  std::vector<std::string> order;
  std::map<std::string, std::string> mistakes;  // by plugin id
};
Resolution resolve(const Found& found, const std::vector<std::string>& enabled);

struct ManagerOptions {
  std::filesystem::path directory;      // of the plugin files
  std::filesystem::path run_directory;  // of the copies that are loaded
  std::vector<std::string> enabled;
  bool continue_on_failure = false;
  std::string core_openapi;
};

// [lifecycle] Everything but snapshot().
class Manager {
 public:
  Manager(ManagerOptions options, const config::Config& config, HostParts& parts);
  ~Manager();

  // The host's own routes, before load().
  void add_host_routes(std::vector<Target> routes) { host_routes_ = std::move(routes); }

  // Up to MIGRATED. Error: validation, all that is wrong, one line each. With continue_on_failure a plugin
  // that fails, and those that need it, are left out instead.
  Result<void> load();
  // Up to ACTIVE; snapshots are published as plugins become active.
  Result<void> start();
  // Active plugins stop, the last started first. Idempotent.
  void stop(std::chrono::milliseconds drain_deadline);

  // The browser files of active plugins: path as served, bytes.
  void for_each_asset(
      const std::function<void(const std::string& path, std::string_view bytes)>& visit) const;

  // [any-thread] Never null after construction.
  SnapshotPtr snapshot() const { return std::atomic_load(&snapshot_); }
  // [any-thread] Every enabled plugin is ACTIVE, FAILED or QUARANTINED; the required ones ACTIVE.
  const std::vector<std::string>& enabled() const { return options_.enabled; }

 private:
  Result<void> load_one(const Binary& binary);
  Result<void> start_one(const GenerationPtr& generation);
  Result<void> publish();
  void fail(const std::string& id, const std::string& why);
  void discard(const GenerationPtr& generation);

  const ManagerOptions options_;
  const config::Config& config_;
  HostParts& parts_;
  std::vector<Target> host_routes_;
  Found found_;
  std::vector<GenerationPtr> loaded_;  // in order
  std::vector<GenerationPtr> active_;
  std::map<std::string, std::pair<State, std::string>> states_;
  std::map<const Generation*, std::vector<std::shared_ptr<void>>> subscriptions_;
  SnapshotPtr snapshot_;
};

}  // namespace stoa::core::plugins
