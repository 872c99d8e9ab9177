// What changes while the forum serves.
#include <algorithm>
#include <utility>

#include "log/log.hpp"
#include "plugins/background.hpp"
#include "plugins/boundary.hpp"
#include "plugins/instance.hpp"
#include "plugins/manager.hpp"
#include "realtime/hub.hpp"

namespace stoa::core::plugins {

namespace {

void tell(void (*call)(void*), void* self) {
  if (!call) return;
  (void)at_boundary("services.watch", [&]() -> stoa_status {
    call(self);
    return STOA_OK;
  });
}

}  // namespace

Result<void> Manager::fits(const std::vector<std::string>& enabled) {
  for (const std::string& id : enabled) {
    if (!active(id)) rediscover(options_.directory, id, found_);
  }
  std::string all;
  for (const auto& [id, why] : resolve(found_, enabled).mistakes)
    all += (all.empty() ? "" : "; ") + ("plugin \"" + id + "\" " + why);
  if (!all.empty()) return Error{ErrorCode::conflict, all};
  return {};
}

Result<void> Manager::enable(const std::string& id) {
  if (active(id)) return {};
  if (const auto why = quarantined_.find(id); why != quarantined_.end())
    return Error{ErrorCode::conflict, "it is quarantined: it " + why->second};
  if (const auto earlier = hung_.find(id); earlier != hung_.end()) {
    // Its threads are those a new run would have.
    if (!end_generation(*earlier->second))
      return Error{ErrorCode::conflict,
                   "calls into it have not ended since it was switched off; restart the server"};
    hung_.erase(earlier);
  }
  rediscover(options_.directory, id, found_);
  const auto binary = found_.binaries.find(id);
  if (binary == found_.binaries.end()) {
    const auto broken = found_.broken.find(id);
    if (broken == found_.broken.end()) return Error{ErrorCode::not_found, "there is no plugin " + id};
    return Error{ErrorCode::validation, "its file " + id + ".so " + broken->second};
  }
  for (const std::string& need : binary->second.manifest.needs) {
    if (!active(need)) return Error{ErrorCode::conflict, "it needs " + need + ", which is not active"};
  }
  const bool added = !holds(enabled_, id);
  if (added) enabled_.push_back(id);
  auto made = make(binary->second, nullptr);
  const auto done = made ? activate(*made) : Result<void>(made.error());
  if (!done) {
    fail(id, done.error().message);
    if (added) enabled_.pop_back();
    publish_known();
  }
  told();
  return done;
}

Result<void> Manager::disable(const std::string& id) {
  const GenerationPtr generation = active(id);
  if (const auto by = dependants(id); !by.empty())
    return Error{ErrorCode::conflict, "it is needed by " + join(by, ", ")};
  if (!generation && !holds(enabled_, id) && !found_.binaries.count(id))
    return Error{ErrorCode::not_found, "there is no plugin " + id};
  enabled_.erase(std::remove(enabled_.begin(), enabled_.end(), id), enabled_.end());
  if (!generation) {
    states_[id] = {State::disabled, ""};
    publish_known();
    told();
    return {};
  }
  tell_watchers(*generation, false);
  generation->last_snapshot = snapshot();
  active_.erase(std::remove(active_.begin(), active_.end(), generation), active_.end());
  states_[id] = {State::draining, ""};
  publish_known();
  withdraw_channels(*generation);
  told();
  subscriptions_.erase(generation.get());
  retire(generation, State::disabled);
  publish_known();
  return {};
}

Result<bool> Manager::upgrade(const std::string& id) {
  const GenerationPtr old = active(id);
  if (!old) {
    if (!holds(enabled_, id)) return Error{ErrorCode::conflict, "it is not enabled"};
    auto enabled = enable(id);
    if (!enabled) return enabled.error();
    return true;
  }
  Found now;
  rediscover(options_.directory, id, now);
  const auto binary = now.binaries.find(id);
  if (binary == now.binaries.end()) {
    return Error{ErrorCode::validation, now.broken.count(id) ? "its file " + id + ".so " + now.broken.at(id)
                                                             : "there is no file " + id + ".so"};
  }
  if (binary->second.hash == old->binary.hash) return false;
  for (const std::string& need : binary->second.manifest.needs) {
    if (!active(need))
      return Error{ErrorCode::conflict, "the new one needs " + need + ", which is not active"};
  }
  const Found before = std::exchange(found_, [&] {
    Found with = found_;
    with.binaries[id] = binary->second;
    return with;
  }());
  auto done = replace(old, binary->second);
  if (!done) {
    found_ = before;
    log::error("A plugin could not be upgraded; the present one goes on.",
               {{"plugin", id}, {"why", done.error().message}});
    return done.error();
  }
  return true;
}

// Until the swap the old one serves and the new one owns nothing.
Result<void> Manager::replace(const GenerationPtr& old, const Binary& binary) {
  auto made = make(binary, old.get());
  if (!made) return made.error();
  const GenerationPtr fresh = *made;
  if (auto started = start_generation(*fresh); !started) {
    discard_generation(*fresh);
    return started;
  }
  subscriptions_.erase(old.get());
  auto subscriptions = subscribe_generation(fresh);
  const auto back = [&](const Error& error) {
    subscriptions_.erase(fresh.get());
    fresh->accepting = false;
    discard_generation(*fresh);
    if (auto again = subscribe_generation(old)) subscriptions_[old.get()] = std::move(*again);
    return error;
  };
  if (!subscriptions) return back(subscriptions.error());
  subscriptions_[fresh.get()] = std::move(*subscriptions);
  fresh->accepting = true;
  old->last_snapshot = snapshot();
  const auto place = std::find(active_.begin(), active_.end(), old);
  *place = fresh;
  if (auto published = publish(); !published) {
    *place = old;
    old->last_snapshot = nullptr;
    return back(published.error());
  }
  if (parts_.jobs) parts_.jobs->attach(fresh);
  log::info("Plugin upgraded.", {{"plugin", fresh->id},
                                 {"from", old->binary.manifest.version},
                                 {"to", fresh->binary.manifest.version}});
  withdraw_channels(*old);
  tell_new_watcher(*fresh);
  told();
  retire(old, State::active);
  publish_known();
  return {};
}

Result<void> Manager::configure(const std::string& id, const ConfigPtr& config) {
  const GenerationPtr generation = active(id);
  if (!generation) return Error{ErrorCode::conflict, "it is not active"};
  auto settings = settings_of(*config, generation->binary);
  if (!settings) return settings.error();
  config_ = config;
  if (*settings == *generation->settings()) return {};
  auto done = configure_generation(*generation, *settings);
  if (!done && done.error().code == ErrorCode::unsupported) done = replace(generation, generation->binary);
  if (!done) return done;
  publish_known();
  log::info("New settings.", {{"plugin", id}});
  return {};
}

std::vector<std::string> Manager::apply(ConfigPtr config) {
  std::vector<std::string> wrong;
  const auto note = [&](const std::string& id, const Result<void>& done) {
    if (!done) wrong.push_back("plugin \"" + id + "\": " + done.error().message);
  };
  const std::vector<std::string> wanted = config->settings().plugins.enabled;
  if (auto fit = fits(wanted); !fit) return {fit.error().message};
  config_ = config;
  const std::vector<GenerationPtr> running(active_.rbegin(), active_.rend());
  for (const GenerationPtr& generation : running) {
    if (!holds(wanted, generation->id)) note(generation->id, disable(generation->id));
  }
  for (const std::string& id : std::vector<std::string>(enabled_)) {
    if (!holds(wanted, id) && !active(id)) note(id, disable(id));
  }
  for (const GenerationPtr& generation : running) {
    if (holds(wanted, generation->id)) note(generation->id, configure(generation->id, config));
  }
  for (const std::string& id : resolve(found_, without_quarantined(wanted)).order) note(id, enable(id));
  return wrong;
}

void Manager::retire(const GenerationPtr& generation, State otherwise) {
  const bool ended = retire_generation(*generation, options_.drain_deadline);
  states_[generation->id] = {ended ? otherwise : State::wedged,
                             ended ? "" : "calls into it did not end; restart the server"};
  if (!ended && !active(generation->id)) hung_[generation->id] = generation;
  if (ended && otherwise == State::active) return;
  if (!ended && active(generation->id)) states_[generation->id].first = State::active;
}

void Manager::withdraw_channels(const Generation& generation) {
  if (!parts_.hub) return;
  const SnapshotPtr now = snapshot();
  for (const ChannelEntry& channel : generation.contributions.channels) {
    if (!now->channels.count(channel.prefix)) parts_.hub->withdraw(channel.prefix, "plugin-disabled");
  }
}

void Manager::tell_watchers(const Generation& provider, bool available) {
  for (const GenerationPtr& generation : active_) {
    for (const WatchEntry& watch : generation->contributions.watches) {
      if (!provider.contributions.services.count(watch.service) || generation.get() == &provider) continue;
      tell(available ? watch.available : watch.gone, watch.self);
    }
  }
}

void Manager::tell_new_watcher(const Generation& watcher) {
  const SnapshotPtr now = snapshot();
  for (const WatchEntry& watch : watcher.contributions.watches) {
    if (now->services.count(watch.service)) tell(watch.available, watch.self);
  }
}

}  // namespace stoa::core::plugins
