#include "plugins/manager.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include "http/cache.hpp"
#include "log/log.hpp"
#include "plugins/background.hpp"
#include "plugins/boundary.hpp"
#include "plugins/library.hpp"
#include "plugins/subscribers.hpp"
#include "security/digest.hpp"
#include "storage/database.hpp"

namespace stoa::core::plugins {

namespace fs = std::filesystem;

namespace {

std::string ui_hash(const stoa_plugin_desc& desc) {
  if (desc.asset_count == 0) return {};
  std::string all;
  for (std::size_t i = 0; i < desc.asset_count; ++i) {
    all += view(desc.assets[i]->path);
    all += '\0';
    all += security::hex_digest(view(desc.assets[i]->bytes), 16);
  }
  return security::hex_digest(all, 8);
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

// What became of a plugin that failed, with its own words if it has any.
Error lifecycle_error(std::string_view what, const Error& error) {
  const std::string why = error.message.empty() ? " (what it logged may tell why)" : ": " + error.message;
  return {ErrorCode::validation, "could not be " + std::string(what) + why};
}

// Calls a lifecycle function of the plugin, containing what leaves it.
template <class F>
Result<void> guarded(F&& call) {
  clear_callback_error();
  try {
    const stoa_status status = call();
    if (status == STOA_OK) return {};
    return take_callback_error(status);
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (const std::exception& e) {
    return Error{ErrorCode::internal, std::string("threw an exception: ") + e.what()};
  } catch (...) {
    return Error{ErrorCode::internal, "threw an exception"};
  }
}

}  // namespace

Found discover(const fs::path& directory) {
  Found found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(directory, code)) {
    if (entry.path().extension() != ".so") continue;
    const std::string name = entry.path().stem().string();
    auto binary = inspect(entry.path());
    if (!binary) {
      found.broken.emplace(name, binary.error().message);
    } else if (binary->manifest.id != name) {
      found.broken.emplace(name, "holds the plugin \"" + binary->manifest.id + "\"; it must be called " +
                                     binary->manifest.id + ".so");
    } else {
      found.binaries.emplace(name, std::move(*binary));
    }
  }
  return found;
}

Resolution resolve(const Found& found, const std::vector<std::string>& enabled) {
  Resolution resolution;
  const std::set<std::string> wanted(enabled.begin(), enabled.end());
  for (const std::string& id : enabled) {
    if (found.binaries.count(id)) continue;
    const auto broken = found.broken.find(id);
    resolution.mistakes[id] = broken == found.broken.end() ? "is enabled, but there is no file " + id + ".so"
                                                           : "its file " + id + ".so " + broken->second;
  }
  std::map<std::string, std::vector<std::string>> needed_by;
  for (const std::string& id : enabled) {
    const auto binary = found.binaries.find(id);
    if (binary == found.binaries.end()) continue;
    for (const std::string& need : binary->second.manifest.needs) {
      if (!wanted.count(need)) needed_by[need].push_back(id);
    }
  }
  for (const auto& [need, by] : needed_by) {
    resolution.mistakes[need] = std::string("is not enabled, but needed by ") + join(by, ", ");
  }

  // Depth first; `path` finds the circle.
  std::set<std::string> done;
  std::vector<std::string> path;
  std::function<void(const std::string&)> visit = [&](const std::string& id) {
    const auto binary = found.binaries.find(id);
    if (done.count(id) || binary == found.binaries.end() || !wanted.count(id)) return;
    if (const auto again = std::find(path.begin(), path.end(), id); again != path.end()) {
      std::vector<std::string> circle(again, path.end());
      circle.push_back(id);
      resolution.mistakes[id] = "requires itself: " + join(circle, " -> ");
      return;
    }
    path.push_back(id);
    for (const std::string& need : binary->second.manifest.needs) visit(need);
    path.pop_back();
    if (done.insert(id).second) resolution.order.push_back(id);
  };
  for (const std::string& id : enabled) visit(id);
  return resolution;
}

Manager::Manager(ManagerOptions options, const config::Config& config, HostParts& parts)
    : options_(std::move(options)),
      config_(config),
      parts_(parts),
      snapshot_(std::make_shared<const Snapshot>()) {}

Manager::~Manager() {
  stop(std::chrono::seconds(10));
}

void Manager::fail(const std::string& id, const std::string& why) {
  states_[id] = {State::failed, why};
  log::error("A plugin failed.", {{"plugin", id}, {"why", why}});
}

Result<void> Manager::load() {
  found_ = discover(options_.directory);
  std::error_code code;
  fs::remove_all(options_.run_directory, code);
  for (const auto& [name, why] : found_.broken) {
    if (std::find(options_.enabled.begin(), options_.enabled.end(), name) == options_.enabled.end()) {
      log::warning("A file in the plugin directory is not a usable plugin.",
                   {{"file", name + ".so"}, {"why", why}});
    }
  }
  Resolution resolution = resolve(found_, options_.enabled);
  std::vector<std::string> mistakes;
  for (const auto& [id, why] : resolution.mistakes) {
    fail(id, why);
    mistakes.push_back("plugin \"" + id + "\" " + why);
  }
  std::set<std::string> failed_ids;
  for (const auto& [id, why] : resolution.mistakes) failed_ids.insert(id);
  if (mistakes.empty() || options_.continue_on_failure) {
    for (const std::string& id : resolution.order) {
      const Binary& binary = found_.binaries.at(id);
      if (failed_ids.count(id)) continue;
      std::string why;
      for (const std::string& need : binary.manifest.needs) {
        if (failed_ids.count(need)) why = "needs " + need + ", which failed";
      }
      if (why.empty()) {
        auto loaded = load_one(binary);
        if (!loaded) why = loaded.error().message;
      }
      if (why.empty()) continue;
      fail(id, why);
      failed_ids.insert(id);
      mistakes.push_back("plugin \"" + id + "\" " + why);
      if (!options_.continue_on_failure) break;
    }
  }
  if (!mistakes.empty() && !options_.continue_on_failure)
    return Error{ErrorCode::validation, join(mistakes, "\n")};
  return publish();
}

Result<void> Manager::load_one(const Binary& binary) {
  std::vector<config::Mistake> mistakes;
  std::string settings = config_.plugin_settings(binary.manifest.id, binary.manifest.settings, mistakes);
  if (!mistakes.empty()) {
    std::string all;
    for (const config::Mistake& mistake : mistakes) all += (all.empty() ? "" : "\n") + mistake.to_string();
    return Error{ErrorCode::validation, "has wrong settings: " + all};
  }
  auto desc = plugins::load(binary, options_.run_directory);
  if (!desc) return desc.error();
  auto generation = std::make_shared<Generation>(parts_, binary);
  generation->desc = *desc;
  generation->settings = std::move(settings);
  states_[generation->id] = {State::loaded, ""};

  generation->registering = true;
  auto created =
      guarded([&] { return generation->desc->create(host_table(), generation.get(), &generation->self); });
  generation->registering = false;
  if (!created) return lifecycle_error("created", created.error());
  states_[generation->id] = {State::created, ""};

  std::vector<storage::Migration> migrations;
  for (std::size_t i = 0; i < generation->desc->migration_count; ++i) {
    const stoa_migration& migration = *generation->desc->migrations[i];
    migrations.push_back({static_cast<int>(migration.number), std::string(view(migration.name)),
                          std::string(view(migration.sql))});
  }
  auto migrated = parts_.database->migrate(generation->id, migrations);
  if (!migrated) {
    generation->desc->destroy(generation->self);
    return lifecycle_error("migrated", migrated.error());
  }
  if (*migrated > 0) {
    log::info("Migrated.", {{"plugin", generation->id}, {"steps", std::to_string(*migrated)}});
  }
  states_[generation->id] = {State::migrated, ""};
  loaded_.push_back(std::move(generation));
  return {};
}

Result<void> Manager::start() {
  std::vector<std::string> mistakes;
  std::set<std::string> failed_ids;
  for (const auto& [id, state] : states_) {
    if (state.first == State::failed) failed_ids.insert(id);
  }
  const std::vector<GenerationPtr> all = loaded_;  // start_one leaves out those that fail
  for (const GenerationPtr& generation : all) {
    std::string why;
    for (const std::string& need : generation->binary.manifest.needs) {
      if (failed_ids.count(need)) why = "needs " + need + ", which failed";
    }
    if (why.empty()) {
      auto started = start_one(generation);
      if (!started) why = started.error().message;
    }
    if (why.empty()) continue;
    fail(generation->id, why);
    failed_ids.insert(generation->id);
    if (!options_.continue_on_failure)
      return Error{ErrorCode::validation, "plugin \"" + generation->id + "\" " + why};
  }
  if (failed_ids.empty()) return {};
  return publish();  // whoever failed after the last one that started
}

Result<void> Manager::start_one(const GenerationPtr& generation) {
  generation->usable = true;
  if (generation->desc->start) {
    auto started = guarded([&] { return generation->desc->start(generation->self); });
    if (!started) {
      discard(generation);
      return lifecycle_error("started", started.error());
    }
  }
  states_[generation->id] = {State::active, ""};
  active_.push_back(generation);
  auto published = publish();
  if (!published) {
    active_.pop_back();
    discard(generation);
    return published;
  }
  for (const SubscriberEntry& entry : generation->contributions.subscribers) {
    if (!entry.durable) continue;
    auto subscription = parts_.database->subscribe({
        .owner = generation->id,
        .name = entry.name,
        .types = entry.types,
        .from_oldest = entry.from_oldest,
        .apply = [generation, &entry](
                     storage::Transaction& t,
                     const Event& event) { return apply_event(*generation, entry, &t, event); },
        .gap =
            [id = generation->id](std::uint64_t from, std::uint64_t to) {
              log::warning("Events were trimmed before this subscriber saw them.",
                           {{"plugin", id}, {"from", std::to_string(from)}, {"to", std::to_string(to)}});
            },
    });
    if (!subscription) {
      subscriptions_.erase(generation.get());
      active_.pop_back();
      discard(generation);
      return Error{ErrorCode::validation, "could not subscribe: " + subscription.error().message};
    }
    subscriptions_[generation.get()].push_back(std::move(*subscription));
  }
  if (parts_.jobs) parts_.jobs->attach(generation);
  log::info("Plugin active.", {{"plugin", generation->id}, {"version", generation->binary.manifest.version}});
  return {};
}

void Manager::discard(const GenerationPtr& generation) {
  if (generation->desc->stop) (void)guarded([&] { return generation->desc->stop(generation->self); });
  generation->usable = false;
  generation->desc->destroy(generation->self);
  loaded_.erase(std::remove(loaded_.begin(), loaded_.end(), generation), loaded_.end());
}

Result<void> Manager::publish() {
  std::vector<PluginInfo> plugins;
  std::vector<Manifest> disabled;
  std::set<std::string> ids(options_.enabled.begin(), options_.enabled.end());
  for (const auto& [id, binary] : found_.binaries) ids.insert(id);
  for (const std::string& id : ids) {
    PluginInfo info;
    info.id = id;
    if (const auto binary = found_.binaries.find(id); binary != found_.binaries.end()) {
      info.name = binary->second.manifest.name;
      info.version = binary->second.manifest.version;
      info.description = binary->second.manifest.description;
      info.schema = binary->second.manifest.settings;
    }
    const auto state = states_.find(id);
    if (state != states_.end()) std::tie(info.state, info.error) = state->second;
    for (const GenerationPtr& generation : loaded_) {
      if (generation->id != id) continue;
      info.ui_hash = ui_hash(*generation->desc);
      info.settings = generation->settings;
    }
    if (info.state != State::active && found_.binaries.count(id))
      disabled.push_back(found_.binaries.at(id).manifest);
    plugins.push_back(std::move(info));
  }
  auto snapshot = build_snapshot(active_, host_routes_, std::move(plugins), disabled, options_.core_openapi);
  if (!snapshot) return snapshot.error();
  std::atomic_store(&snapshot_, std::move(*snapshot));
  if (parts_.cache) parts_.cache->clear();
  return {};
}

void Manager::for_each_asset(const std::function<void(const std::string&, std::string_view)>& visit) const {
  for (const GenerationPtr& generation : active_) {
    const stoa_plugin_desc& desc = *generation->desc;
    const std::string prefix = "/plugins/" + generation->id + "/" + ui_hash(desc) + "/";
    for (std::size_t i = 0; i < desc.asset_count; ++i) {
      visit(prefix + std::string(view(desc.assets[i]->path)), view(desc.assets[i]->bytes));
    }
  }
}

void Manager::stop(std::chrono::milliseconds drain_deadline) {
  std::vector<GenerationPtr> stopping(active_.rbegin(), active_.rend());
  for (const GenerationPtr& generation : stopping) {
    if (generation->desc->drain) {
      (void)guarded([&] {
        return generation->desc->drain(generation->self, static_cast<std::uint32_t>(drain_deadline.count()));
      });
    }
    subscriptions_.erase(generation.get());
    if (parts_.jobs && !parts_.jobs->detach(generation, drain_deadline))
      log::error("A job did not end in time.", {{"plugin", generation->id}});
    if (generation->desc->stop) {
      auto stopped = guarded([&] { return generation->desc->stop(generation->self); });
      if (!stopped)
        log::warning("A plugin did not stop well.",
                     {{"plugin", generation->id}, {"why", stopped.error().message}});
    }
    generation->usable = false;
  }
  active_.clear();
  std::atomic_store(&snapshot_, SnapshotPtr(std::make_shared<const Snapshot>()));
  for (auto generation = loaded_.rbegin(); generation != loaded_.rend(); ++generation) {
    (*generation)->desc->destroy((*generation)->self);
  }
  loaded_.clear();
}

}  // namespace stoa::core::plugins
