// Changes of the plugins and their settings while the forum runs: by the admin page, by commands, by SIGHUP,
// and by saving the configuration file. One at a time, on a thread of its own.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "config/config.hpp"
#include "config/local_file.hpp"
#include "crash/history.hpp"
#include "jobs/engine.hpp"
#include "plugins/manager.hpp"

namespace stoa::core::host {

class Administration {
 public:
  enum class Action { enable, disable, upgrade, reset, retry };

  // All outlive it. `sources`: what the configuration was loaded from.
  Administration(config::Sources sources, plugins::Manager& manager, crash::History& crashes,
                 jobs::Engine& jobs);
  ~Administration() { stop(); }
  Administration(const Administration&) = delete;
  Administration& operator=(const Administration&) = delete;

  // [lifecycle] From here on the manager is used by this object's thread only. Watches the files, as far as
  // the system lets it.
  void start();
  // [lifecycle] Finishes what it is at, drops what waits. Idempotent.
  void stop();

  // [any-thread] `done` is called, never after stop(), the thread of this object; what is dropped is
  // destroyed instead. The state afterwards, for people. Errors: not_found, conflict (pinned, needed, needs,
  // could not be done), unavailable.
  void act(Action action, std::string id, std::function<void(Result<std::string>)> done);
  // The whole settings of a plugin. Errors: those and validation with a field for each mistake. Secrets that
  // the new settings leave out stay as they are.
  void set_settings(std::string id, std::string json, std::function<void(Result<std::string>)> done);
  // Looks at the configuration again.
  void reload(std::string why);

 private:
  void run();
  void post(std::function<void()> task);
  bool take(std::function<void()>& task);
  Result<std::string> change(Action action, const std::string& id);
  Result<std::string> change_settings(const std::string& id, const std::string& json);
  Result<void> keep_enabled(const std::vector<std::string>& enabled);
  void take_up(const std::string& why);
  int watch_files() const;

  const config::Sources sources_;
  plugins::Manager& manager_;
  crash::History& crashes_;
  jobs::Engine& jobs_;
  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  int wake_ = -1;
  std::thread thread_;
};

std::optional<Administration::Action> action_named(std::string_view word);

}  // namespace stoa::core::host
