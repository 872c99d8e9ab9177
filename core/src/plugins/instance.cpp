#include "plugins/instance.hpp"

#include "crash/breadcrumb.hpp"
#include "log/log.hpp"
#include "plugins/background.hpp"
#include "plugins/boundary.hpp"
#include "plugins/call.hpp"
#include "plugins/library.hpp"
#include "plugins/request.hpp"
#include "plugins/subscribers.hpp"
#include "storage/database.hpp"
#include "storage/expansion.hpp"

namespace stoa::core::plugins {

namespace {

constexpr std::chrono::seconds kAfterDeadline{1};  // for answers that were cut short to be sent

// What became of a plugin that failed, with its own words if it has any.
Error lifecycle_error(std::string_view what, const Error& error) {
  const std::string why = error.message.empty() ? " (what it logged may tell why)" : ": " + error.message;
  return {ErrorCode::validation, "could not be " + std::string(what) + why};
}

// Calls a lifecycle function of the plugin, containing what leaves it.
template <class F>
Result<void> guarded(const Generation& generation, const char* place, F&& call) {
  const crash::Breadcrumb here(generation.id.c_str(), place);
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

bool has_health(const stoa_plugin_desc& desc) {
  return desc.size >= offsetof(stoa_plugin_desc, health) + sizeof desc.health && desc.health;
}

void stop_and_destroy(Generation& generation) {
  const stoa_plugin_desc& desc = *generation.desc;
  if (desc.stop) {
    const auto stopped = guarded(generation, "stop", [&] { return desc.stop(generation.self); });
    if (!stopped)
      log::warning("A plugin did not stop well.",
                   {{"plugin", generation.id}, {"why", stopped.error().message}});
  }
  generation.usable = false;
  (void)guarded(generation, "destroy", [&]() -> stoa_status {
    desc.destroy(generation.self);
    return STOA_OK;
  });
}

}  // namespace

Result<GenerationPtr> create_generation(HostParts& parts, const Binary& binary, std::string settings,
                                        const std::filesystem::path& run_directory) {
  auto desc = load(binary, run_directory);
  if (!desc) return desc.error();
  auto generation = std::make_shared<Generation>(parts, binary);
  generation->desc = *desc;
  generation->set_settings(std::move(settings));
  generation->registering = true;
  auto created = guarded(*generation, "create", [&] {
    return generation->desc->create(host_table(), generation.get(), &generation->self);
  });
  generation->registering = false;
  if (!created) return lifecycle_error("created", created.error());
  return generation;
}

Result<void> migrate_generation(const Generation& generation, const Generation* serving) {
  const stoa_plugin_desc& desc = *generation.desc;
  std::vector<storage::Migration> migrations;
  for (std::size_t i = 0; i < desc.migration_count; ++i) {
    const stoa_migration& migration = *desc.migrations[i];
    migrations.push_back({static_cast<int>(migration.number), std::string(view(migration.name)),
                          std::string(view(migration.sql))});
  }
  if (serving) {
    for (std::size_t i = serving->desc->migration_count; i < migrations.size(); ++i) {
      if (auto expands = storage::only_expands(migrations[i].sql); !expands) {
        return lifecycle_error("upgraded while the forum runs: migration " +
                                   std::to_string(migrations[i].number) + " (" + migrations[i].name + ")",
                               expands.error());
      }
    }
  }
  auto migrated = generation.host.database->migrate(generation.id, migrations);
  if (!migrated) return lifecycle_error("migrated", migrated.error());
  if (*migrated > 0)
    log::info("Migrated.", {{"plugin", generation.id}, {"steps", std::to_string(*migrated)}});
  return {};
}

Result<void> start_generation(Generation& generation) {
  const stoa_plugin_desc& desc = *generation.desc;
  generation.usable = true;
  if (desc.start) {
    auto started = guarded(generation, "start", [&] { return desc.start(generation.self); });
    if (!started) return lifecycle_error("started", started.error());
  }
  if (has_health(desc)) {
    std::string detail;
    const stoa_sink sink = stoa::detail::sink_to(detail);
    auto well = guarded(generation, "health", [&] { return desc.health(generation.self, &sink); });
    if (!well) {
      return Error{ErrorCode::validation,
                   "is not well after its start: " + (detail.empty() ? well.error().message : detail)};
    }
  }
  return {};
}

Result<std::vector<std::shared_ptr<void>>> subscribe_generation(const GenerationPtr& generation) {
  std::vector<std::shared_ptr<void>> subscriptions;
  for (const SubscriberEntry& entry : generation->contributions.subscribers) {
    if (!entry.durable) continue;
    auto subscription = generation->host.database->subscribe({
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
    if (!subscription)
      return Error{ErrorCode::validation, "could not subscribe: " + subscription.error().message};
    subscriptions.push_back(std::move(*subscription));
  }
  return subscriptions;
}

void discard_generation(Generation& generation) {
  if (generation.usable) return stop_and_destroy(generation);
  (void)guarded(generation, "destroy", [&]() -> stoa_status {
    generation.desc->destroy(generation.self);
    return STOA_OK;
  });
}

bool retire_generation(Generation& generation, std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  generation.accepting = false;
  const bool jobs_ended = !generation.host.jobs || generation.host.jobs->detach(generation, deadline);
  if (generation.desc->drain) {
    (void)guarded(generation, "drain", [&] {
      return generation.desc->drain(generation.self, static_cast<std::uint32_t>(deadline.count()));
    });
  }
  bool idle = wait_until_idle(generation, until);
  if (!idle) {
    generation.host.deferreds->drop(generation);
    idle = wait_until_idle(generation, std::chrono::steady_clock::now() + kAfterDeadline);
  }
  if (!idle || !jobs_ended) {
    log::error("A plugin did not come to its end; it is left as it is until the server is restarted.",
               {{"plugin", generation.id}, {"calls", std::to_string(generation.calls.load())}});
    return false;
  }
  stop_and_destroy(generation);
  generation.last_snapshot = nullptr;
  return true;
}

bool end_generation(Generation& generation) {
  const auto now = std::chrono::milliseconds(0);
  if (generation.calls > 0 || (generation.host.jobs && !generation.host.jobs->detach(generation, now)))
    return false;
  stop_and_destroy(generation);
  generation.last_snapshot = nullptr;
  return true;
}

Result<void> configure_generation(Generation& generation, const std::string& settings) {
  const stoa_plugin_desc& desc = *generation.desc;
  const bool can =
      desc.size >= offsetof(stoa_plugin_desc, configure) + sizeof desc.configure && desc.configure;
  if (!can) return Error{ErrorCode::unsupported, "takes settings at its start only"};
  auto done =
      guarded(generation, "configure", [&] { return desc.configure(generation.self, str(settings)); });
  if (!done) return done.error();
  generation.set_settings(settings);
  return {};
}

}  // namespace stoa::core::plugins
