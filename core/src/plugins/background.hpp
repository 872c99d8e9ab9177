// What goes on for a plugin between its calls: its jobs, its metrics, and whether it is well.
#pragma once

#include <algorithm>
#include <chrono>
#include <string_view>

#include "jobs/engine.hpp"
#include "metrics/registry.hpp"
#include "plugins/generation.hpp"
#include "plugins/health.hpp"

namespace stoa::core::plugins {

class Background {
 public:
  // All outlive it. `checked`: the promises of stoa.h that cost something to check are checked too.
  Background(jobs::Engine& engine, metrics::Registry& registry, bool checked, HealthOptions health = {});
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // [lifecycle] The plugin is active: from here on its timers and queues run, its metrics are shown and its
  // health is asked. An earlier generation of it is given no more runs.
  void attach(const GenerationPtr& generation);
  // [lifecycle] Before it stops. Nothing more begins; what runs is told to end and waited for. False:
  // something still ran at the deadline, so that the generation must not be destroyed.
  bool detach(const Generation& generation, std::chrono::milliseconds deadline);

  // [any-thread]
  jobs::Engine& engine() { return engine_; }
  metrics::Registry& registry() { return registry_; }
  const Health& health() const { return health_; }
  bool is_checked() const { return checked_; }
  // Broken promises of stoa.h, by plugin.
  metrics::Family& violations() { return violations_; }
  // Something of the plugin failed: "exception", "unanswered", "late", "job", "log".
  void failed(std::string_view plugin, std::string_view kind) { failures_.at({plugin, kind}).add(); }

 private:
  jobs::Engine& engine_;
  metrics::Registry& registry_;
  const bool checked_;
  metrics::Family& violations_;
  metrics::Family& failures_;
  Health health_;
};

// [any-thread] As Background::failed, of the plugin that owns a request; null: the host itself, whose are not
// counted.
inline void note_failure(const GenerationPtr& owner, std::string_view kind) {
  if (owner && owner->host.jobs) owner->host.jobs->failed(owner->id, kind);
}

}  // namespace stoa::core::plugins
