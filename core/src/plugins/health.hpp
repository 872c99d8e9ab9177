// Asks active plugins whether they are well, now and then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "jobs/engine.hpp"
#include "plugins/generation.hpp"

namespace stoa::core::plugins {

struct HealthOptions {
  std::chrono::milliseconds interval{30'000};
  std::chrono::milliseconds limit{5'000};  // beyond it a plugin is not well
};

class Health {
 public:
  // The engine outlives it.
  Health(jobs::Engine& engine, HealthOptions options);
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;
  ~Health();

  // [lifecycle] Asks it at once and at every interval. It takes the place of another generation of that
  // plugin.
  void watch(const GenerationPtr& generation);
  // [lifecycle] Not asked any more; waits for an answer that is owed. False: none came.
  bool forget(const Generation& generation, std::chrono::milliseconds deadline);

  struct State {
    bool ok = true;
    std::string detail;  // for administrators
  };
  // [any-thread] Its last answer; nullopt: none yet.
  std::optional<State> of(std::string_view plugin) const;

 private:
  struct Watched;
  void ask(const std::shared_ptr<Watched>& watched);
  void answer(Watched& watched, State state);

  jobs::Engine& engine_;
  const HealthOptions options_;
  const jobs::AgendaPtr agenda_ = std::make_shared<jobs::Agenda>();
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::map<std::string, std::shared_ptr<Watched>, std::less<>> watched_;  // by plugin
  std::set<const Generation*> asking_;
};

}  // namespace stoa::core::plugins
