// Just enough of a host for one plugin: a database of its own, workers, the plugins it requires. No network.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "http/cache.hpp"
#include "jobs/engine.hpp"
#include "metrics/registry.hpp"
#include "plugins/background.hpp"
#include "plugins/generation.hpp"
#include "plugins/request.hpp"
#include "plugins/snapshot.hpp"
#include "storage/database.hpp"
#include "validate/watch.hpp"
#include "work/pool.hpp"

namespace stoa::core::validate {

struct StageOptions {
  std::filesystem::path scratch;               // a directory of this stage alone
  std::vector<std::filesystem::path> shelves;  // where required plugins are looked for, in order
  Teller& teller;                              // of the steps of setting it up
};

std::unique_ptr<storage::Database> open_database(const std::filesystem::path& path);
std::vector<storage::Migration> migrations_of(const stoa_plugin_desc& desc);

// Throws std::runtime_error with a sentence for people.
class Stage {
 public:
  // Loads and starts what `binary` requires, then loads it, which runs its constructors and its entry.
  Stage(StageOptions options, const plugins::Binary& binary);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

  const stoa_plugin_desc& desc() const { return *desc_; }
  const plugins::Binary& binary() const { return binary_; }
  storage::Database& database() { return *database_; }
  plugins::HostParts& parts() { return parts_; }
  // Of the plugin, from its schema's defaults.
  const std::string& settings() const { return settings_; }
  // What is active: what is required and, after activate, the generation.
  void activate(const plugins::GenerationPtr& generation);
  void deactivate(const plugins::Generation& generation);
  // Required plugins of which a service is held by a lease.
  std::vector<std::string> held() const;

 private:
  void add_required(const plugins::Manifest& manifest, std::vector<std::string> path);
  std::string settings_of(const plugins::Manifest& manifest) const;
  void publish(std::vector<plugins::GenerationPtr> active);

  const StageOptions options_;
  const plugins::Binary binary_;
  std::unique_ptr<config::Config> config_;
  http::Cache cache_{1 << 20};
  work::Pool pool_;
  plugins::Deferreds deferreds_;
  plugins::HostParts parts_;
  std::unique_ptr<storage::Database> database_;
  metrics::Registry metrics_;
  std::unique_ptr<jobs::Engine> jobs_;  // takes jobs and runs none
  std::unique_ptr<plugins::Background> background_;
  std::vector<plugins::GenerationPtr> required_;
  plugins::SnapshotPtr snapshot_;
  const stoa_plugin_desc* desc_ = nullptr;
  std::string settings_;
};

// One generation of the plugin, from create to destroy. What it does wrong is told by the watch. Every call
// returns whether the plugin said STOA_OK; `refusal` holds what it said instead.
class Subject {
 public:
  Subject(Stage& stage, Watch& watch);
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  // Ends what was begun.
  ~Subject();

  bool create();
  bool migrate();
  bool start();
  bool drain();
  bool stop();
  void destroy();
  // All of them, in order; false where one refused. The rest of what must be called is called.
  bool live();

  const std::string& refusal() const { return refusal_; }
  const plugins::GenerationPtr& generation() const { return generation_; }

 private:
  template <class F>
  bool call(const char* name, F&& work);

  Stage& stage_;
  Watch& watch_;
  plugins::GenerationPtr generation_;
  std::string refusal_;
  bool created_ = false;
  bool started_ = false;
};

}  // namespace stoa::core::validate
