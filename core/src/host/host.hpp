// The whole program but for its command line: opens the parts in order, serves, and stops them in reverse.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "host/administration.hpp"
#include "host/command.hpp"
#include "host/control_socket.hpp"
#include "host/dispatcher.hpp"
#include "host/hub_backend.hpp"
#include "host/observation.hpp"
#include "host/origin.hpp"
#include "host/seams.hpp"
#include "http/cache.hpp"
#include "http/server.hpp"
#include "jobs/engine.hpp"
#include "plugins/background.hpp"
#include "plugins/manager.hpp"
#include "plugins/request.hpp"
#include "realtime/hub.hpp"
#include "storage/database.hpp"
#include "work/pool.hpp"

namespace stoa::core::host {

enum class Exit : int { ok = 0, usage = 64, software = 70, storage = 74, configuration = 78 };

// A reason to end, for the operator.
struct Failure {
  Exit code = Exit::software;
  std::string message;
};

// Where the parts of the program are: beside it, in the build tree as in an installation.
struct Layout {
  std::filesystem::path prefix;
  std::filesystem::path plugins;   // <prefix>/lib/stoa/plugins
  std::filesystem::path frontend;  // <prefix>/share/stoa/frontend
  std::filesystem::path sdk;       // <prefix>/share/stoa/sdk
  static Layout of_this_program();
};

class Host {
 public:
  // With HTTP and realtime; `sources`: what the configuration was loaded from. Without them just enough for a
  // command.
  Host(plugins::ConfigPtr config, std::optional<config::Sources> sources, Seams seams = {});
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // [lifecycle] Locks the data directory, opens the database, loads and migrates the plugins.
  std::optional<Failure> open();
  // [lifecycle] Starts the plugins.
  std::optional<Failure> start();
  // [lifecycle] Listens, until SIGTERM or SIGINT, which the caller has blocked in all threads.
  std::optional<Failure> serve();

  // [lifecycle] Once started, without listening: what the edge would hand its requests to.
  Result<http::Application*> application();
  // [any-thread] The clock of the seams was moved: what is due now is run now.
  void clock_moved();
  // [any-thread] What came by the control socket; once it serves.
  CommandResult control(const std::vector<std::string>& words);

  plugins::SnapshotPtr snapshot() const { return manager_->snapshot(); }
  Result<void> backup(const std::filesystem::path& path);

 private:
  std::optional<Failure> lock_data_dir();
  std::optional<Failure> make_dispatcher();
  std::optional<Failure> listen();
  std::vector<plugins::Target> routes();
  Result<std::string> host_value(std::string_view key) const;
  CommandResult act(Administration::Action action, const std::string& id);
  // The application's and those of the plugins that are active.
  http::StaticFiles files(http::StaticFiles application) const;
  void plugins_changed();
  void announce_all();
  void tick();
  void shut_down();
  std::string base_url() const;

  const plugins::ConfigPtr config_;  // of the start
  const config::Settings& settings_;
  const std::optional<config::Sources> sources_;  // none: not serving
  const Seams seams_;
  const Layout layout_;
  int lock_ = -1;
  std::atomic<std::uint16_t> port_{0};
  std::atomic<bool> ready_{false};

  TrustedProxies proxies_;
  std::unique_ptr<http::Cache> cache_;
  std::unique_ptr<work::Pool> pool_;
  plugins::Deferreds deferreds_;
  plugins::HostParts parts_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<HubBackend> hub_backend_;
  std::unique_ptr<realtime::Hub> hub_;
  metrics::Registry metrics_;
  std::unique_ptr<jobs::Engine> jobs_;
  std::unique_ptr<plugins::Background> background_;
  std::unique_ptr<Observation> observation_;
  std::unique_ptr<plugins::Manager> manager_;
  http::StaticFiles application_;  // of the browser
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<crash::History> crashes_;
  std::unique_ptr<Administration> administration_;
  std::unique_ptr<http::Server> server_;
  ControlSocket control_;
  std::vector<std::pair<std::string, std::string>> announcements_;

  std::mutex tick_mutex_;
  std::condition_variable tick_wake_;
  bool tick_stop_ = false;
  std::thread ticker_;
};

}  // namespace stoa::core::host
