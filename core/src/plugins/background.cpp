#include "plugins/background.hpp"

namespace stoa::core::plugins {

using metrics::Kind;

Background::Background(jobs::Engine& engine, metrics::Registry& registry, bool checked, HealthOptions health)
    : engine_(engine),
      registry_(registry),
      checked_(checked),
      violations_(registry.add({.kind = Kind::counter,
                                .name = "stoa_plugin_contract_violations_total",
                                .help = "Calls of a plugin against the contract of stoa.h.",
                                .labels = {"plugin"}})),
      failures_(registry.add(
          {.kind = Kind::counter,
           .name = "stoa_plugin_errors_total",
           .help = "What failed in a plugin: exceptions, requests left unanswered or late, jobs, "
                   "errors it logged.",
           .labels = {"plugin", "kind"}})),
      health_(engine, health) {}

void Background::attach(const GenerationPtr& generation) {
  const Contributions& own = generation->contributions;
  registry_.show(own.metrics);
  engine_.attach(own.agenda, generation->id, generation);
  health_.watch(generation);
}

bool Background::detach(const Generation& generation, std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  const bool ended = engine_.detach(generation.contributions.agenda, deadline);
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  const bool answered = health_.forget(generation, std::max(left, std::chrono::milliseconds(0)));
  registry_.hide(generation.contributions.metrics);
  return ended && answered;
}

}  // namespace stoa::core::plugins
