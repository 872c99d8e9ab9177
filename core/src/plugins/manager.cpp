#include "plugins/manager.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <tuple>

#include "http/cache.hpp"
#include "log/log.hpp"
#include "plugins/background.hpp"
#include "plugins/boundary.hpp"
#include "plugins/instance.hpp"
#include "security/digest.hpp"

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

void remove(std::vector<GenerationPtr>& from, const GenerationPtr& generation) {
  from.erase(std::remove(from.begin(), from.end(), generation), from.end());
}

}  // namespace

Manager::Manager(ManagerOptions options, ConfigPtr config, HostParts& parts)
    : options_(std::move(options)),
      parts_(parts),
      config_(std::move(config)),
      enabled_(config_->settings().plugins.enabled),
      snapshot_(std::make_shared<const Snapshot>()) {}

Manager::~Manager() {
  stop(options_.drain_deadline);
}

void Manager::fail(const std::string& id, const std::string& why) {
  states_[id] = {State::failed, why};
  log::error("A plugin failed.", {{"plugin", id}, {"why", why}});
}

GenerationPtr Manager::active(const std::string& id) const {
  for (const GenerationPtr& generation : active_) {
    if (generation->id == id) return generation;
  }
  return nullptr;
}

std::vector<std::string> Manager::dependants(const std::string& id) const {
  std::vector<std::string> ids;
  for (const GenerationPtr& generation : active_) {
    if (holds(generation->binary.manifest.needs, id)) ids.push_back(generation->id);
  }
  return ids;
}

Result<std::string> Manager::settings_of(const config::Config& config, const Binary& binary) const {
  std::vector<config::Mistake> mistakes;
  std::string settings = config.plugin_settings(binary.manifest.id, binary.manifest.settings, mistakes);
  if (mistakes.empty()) return settings;
  std::string all;
  for (const config::Mistake& mistake : mistakes) all += (all.empty() ? "" : "\n") + mistake.to_string();
  return Error{ErrorCode::validation, "has wrong settings: " + all};
}

// Those that may run, and what is said of the others.
std::vector<std::string> Manager::without_quarantined(const std::vector<std::string>& ids) {
  std::map<std::string, std::string> out;
  for (const auto& [id, why] : quarantined_) {
    if (!holds(ids, id)) continue;
    out[id] = why;
    states_[id] = {State::quarantined, why};
  }
  for (bool more = !out.empty(); more;) {
    more = false;
    for (const std::string& id : ids) {
      const auto binary = found_.binaries.find(id);
      if (out.count(id) || binary == found_.binaries.end()) continue;
      for (const std::string& need : binary->second.manifest.needs) {
        if (!out.count(need)) continue;
        out[id] = "needs " + need + ", which is quarantined";
        states_[id] = {State::disabled, out[id]};
        more = true;
      }
    }
  }
  for (const auto& [id, why] : out) log::error("A plugin is left out.", {{"plugin", id}, {"why", why}});
  std::vector<std::string> left;
  for (const std::string& id : ids) {
    if (!out.count(id)) left.push_back(id);
  }
  return left;
}

// ---- At start

Result<void> Manager::load() {
  found_ = discover(options_.directory);
  std::error_code code;
  fs::remove_all(options_.run_directory, code);
  for (const auto& [name, why] : found_.broken) {
    if (std::find(enabled_.begin(), enabled_.end(), name) == enabled_.end()) {
      log::warning("A file in the plugin directory is not a usable plugin.",
                   {{"file", name + ".so"}, {"why", why}});
    }
  }
  Resolution resolution = resolve(found_, without_quarantined(enabled_));
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
        auto made = make(binary, nullptr);
        if (!made) why = made.error().message;
        if (made) loaded_.push_back(std::move(*made));
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

Result<GenerationPtr> Manager::make(const Binary& binary, const Generation* serving) {
  const std::string& id = binary.manifest.id;
  const auto reached = [&](State state) {
    if (!serving) states_[id] = {state, ""};
  };
  auto settings = settings_of(*config_, binary);
  if (!settings) return settings.error();
  auto generation = create_generation(parts_, binary, std::move(*settings), options_.run_directory);
  if (!generation) return generation.error();
  past_.push_back(*generation);
  reached(State::created);
  auto migrated = migrate_generation(**generation, serving);
  if (!migrated) {
    discard_generation(**generation);
    return migrated.error();
  }
  reached(State::migrated);
  return std::move(*generation);
}

Result<void> Manager::start() {
  std::vector<std::string> mistakes;
  std::set<std::string> failed_ids;
  for (const auto& [id, state] : states_) {
    if (state.first == State::failed) failed_ids.insert(id);
  }
  const std::vector<GenerationPtr> all = std::move(loaded_);
  loaded_.clear();
  for (const GenerationPtr& generation : all) {
    std::string why;
    for (const std::string& need : generation->binary.manifest.needs) {
      if (failed_ids.count(need)) why = "needs " + need + ", which failed";
    }
    if (!why.empty()) {
      discard_generation(*generation);
    } else {
      auto started = activate(generation);
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

Result<void> Manager::activate(const GenerationPtr& generation) {
  const auto give_up = [&](const Error& error) {
    subscriptions_.erase(generation.get());
    remove(active_, generation);
    generation->accepting = false;
    discard_generation(*generation);
    return error;
  };
  if (auto started = start_generation(*generation); !started) return give_up(started.error());
  auto subscriptions = subscribe_generation(generation);
  if (!subscriptions) return give_up(subscriptions.error());
  subscriptions_[generation.get()] = std::move(*subscriptions);
  generation->accepting = true;
  active_.push_back(generation);
  const auto before = std::exchange(states_[generation->id], {State::active, ""});
  if (auto published = publish(); !published) {
    states_[generation->id] = before;
    return give_up(published.error());
  }
  if (parts_.jobs) parts_.jobs->attach(generation);
  log::info("Plugin active.", {{"plugin", generation->id}, {"version", generation->binary.manifest.version}});
  tell_watchers(*generation, true);
  tell_new_watcher(*generation);
  return {};
}

void Manager::stop(std::chrono::milliseconds drain_deadline) {
  const std::vector<GenerationPtr> stopping(active_.rbegin(), active_.rend());
  active_.clear();
  std::atomic_store(&snapshot_, SnapshotPtr(std::make_shared<const Snapshot>()));
  for (const GenerationPtr& generation : stopping) {
    subscriptions_.erase(generation.get());
    (void)retire_generation(*generation, drain_deadline);
  }
  for (const auto& [id, generation] : hung_) (void)end_generation(*generation);
  hung_.clear();
  for (auto generation = loaded_.rbegin(); generation != loaded_.rend(); ++generation)
    discard_generation(**generation);
  loaded_.clear();
}

// ---- What is known about them

void Manager::told() {
  if (changed_) changed_();
}

// What was active before is active still, so nothing can clash.
void Manager::publish_known() {
  if (auto published = publish(); !published)
    log::error("The active plugins could not be published.", {{"why", published.error().message}});
}

Result<void> Manager::publish() {
  std::vector<PluginInfo> plugins;
  std::vector<Manifest> disabled;
  std::set<std::string> ids(enabled_.begin(), enabled_.end());
  for (const auto& [id, binary] : found_.binaries) ids.insert(id);
  for (const std::string& id : ids) {
    PluginInfo info;
    info.id = id;
    const GenerationPtr generation = active(id);
    const auto found = found_.binaries.find(id);
    if (generation || found != found_.binaries.end()) {
      const Manifest& manifest = generation ? generation->binary.manifest : found->second.manifest;
      info.name = manifest.name;
      info.version = manifest.version;
      info.description = manifest.description;
      info.schema = manifest.settings;
      if (!generation) disabled.push_back(manifest);
    }
    if (const auto state = states_.find(id); state != states_.end())
      std::tie(info.state, info.error) = state->second;
    if (generation) {
      info.generation = generation;
      info.ui_hash = ui_hash(*generation->desc);
      info.settings = *generation->settings();
      assets_["/plugins/" + id + "/" + info.ui_hash + "/"] = generation->desc;
    }
    plugins.push_back(std::move(info));
  }
  auto snapshot = build_snapshot(active_, host_routes_, std::move(plugins), disabled, options_.core_openapi);
  if (!snapshot) return snapshot.error();
  std::atomic_store(&snapshot_, std::move(*snapshot));
  if (parts_.cache) parts_.cache->clear();
  return {};
}

void Manager::for_each_asset(const std::function<void(const std::string&, std::string_view)>& visit) const {
  for (const auto& [prefix, desc] : assets_) {
    for (std::size_t i = 0; i < desc->asset_count; ++i)
      visit(prefix + std::string(view(desc->assets[i]->path)), view(desc->assets[i]->bytes));
  }
}

}  // namespace stoa::core::plugins
