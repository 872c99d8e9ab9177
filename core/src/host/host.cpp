#include "host/host.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <future>
#include <thread>

#include "crash/breadcrumb.hpp"
#include "crash/history.hpp"
#include "host/embedded.hpp"
#include "host/version.hpp"
#include "log/log.hpp"
#include "plugins/boundary.hpp"
#include "plugins/call.hpp"
#include "plugins/subscribers.hpp"
#include "stoa/json.hpp"

namespace stoa::core::host {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kStopDeadline{10};
constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::minutes kTrimInterval{60};
constexpr std::int64_t kKeepEventsMs = std::int64_t{7} * 24 * 3600 * 1000;

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

int processors() {
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

bool matches(const std::vector<std::string>& types, std::string_view type) {
  return std::any_of(types.begin(), types.end(), [&](const std::string& wanted) {
    if (wanted == "*" || wanted == type) return true;
    return wanted.size() > 2 && wanted.compare(wanted.size() - 2, 2, ".*") == 0 &&
           type.substr(0, wanted.size() - 1) == std::string_view(wanted).substr(0, wanted.size() - 1);
  });
}

}  // namespace

Host::Host(plugins::ConfigPtr config, std::optional<config::Sources> sources, Seams seams)
    : config_(std::move(config)),
      settings_(config_->settings()),
      sources_(std::move(sources)),
      seams_(std::move(seams)),
      layout_(Layout::of_this_program()),
      proxies_(settings_.http.trusted_proxies) {
  cache_ = std::make_unique<http::Cache>(static_cast<std::size_t>(settings_.cache.max_bytes));
  const int workers = settings_.http.workers > 0 ? settings_.http.workers : std::max(8, 4 * processors());
  pool_ = std::make_unique<work::Pool>(
      work::PoolOptions{.threads = workers,

                        .per_owner = std::max(1, workers - std::max(1, workers / 4)),
                        .queue_per_owner = 2'000,
                        .computing = std::max(2, processors()) + 1});
  parts_.cache = cache_.get();
  parts_.pool = pool_.get();
  parts_.deferreds = &deferreds_;
  parts_.snapshot = [this] { return manager_->snapshot(); };
  parts_.host_value = [this](std::string_view key) { return host_value(key); };
  parts_.now_ms = seams_.wall_ms;
  parts_.monotonic_ms = seams_.monotonic_ms;
  parts_.random = seams_.random;
  parts_.withheld = seams_.withheld;
  if (sources_) {
    parts_.announce = [this](std::string text, std::string path) {
      announcements_.emplace_back(std::move(text), std::move(path));
    };
  }
}

Host::~Host() {
  shut_down();
  if (lock_ >= 0) ::close(lock_);
}

std::optional<Failure> Host::open() {
  if (auto failure = lock_data_dir()) return failure;
  crashes_ = std::make_unique<crash::History>(settings_.data_dir);
  if (sources_) {
    if (const auto crashed = crashes_->take(wall_ms())) {
      log::error("The forum crashed.", {{"plugin", crashed->plugin.empty() ? "unknown" : crashed->plugin},
                                        {"in", crashed->place},
                                        {"signal", crashed->what}});
    }
    crash::install(crash::History::record_path(settings_.data_dir).string());
  }
  storage::DatabaseOptions options;
  options.path = settings_.storage.path.string();
  options.slow_statement = std::chrono::milliseconds(settings_.storage.slow_statement_ms);
  options.now_ms = seams_.wall_ms ? seams_.wall_ms : wall_ms;
  options.log = [](std::string_view level, std::string_view message) {
    log::write(log::level_from(level), message, {{"part", "storage"}});
  };
  if (log::enabled(log::Level::debug)) {
    options.on_prepared = [](std::string_view owner, std::string_view text) {
      log::debug("Statement prepared.", {{"plugin", owner}, {"sql", text}});
    };
  }
  options.on_stuck = [this](const std::string& owner) {
    log::error("A write has been running for too long; the host gives up.", {{"plugin", owner}});
    crash::record(owner, "a transaction", "stuck");
    if (settings_.plugins.restart_after_crash) ::raise(SIGKILL);
    ::_exit(static_cast<int>(Exit::software));
  };
  options.on_events = [this](std::span<const EventPtr> events) {
    if (hub_) hub_->publish({events.begin(), events.end()});
    if (observation_) observation_->published(events.size());
    const plugins::SnapshotPtr snapshot = manager_->snapshot();
    for (const auto& listener : snapshot->listeners) {
      for (const EventPtr& event : events) {
        if (event->owner == listener.owner->id || !matches(listener.entry->types, event->type)) continue;
        plugins::Call call = plugins::Call::enter(listener.owner);
        if (!call) continue;
        pool_->submit(listener.owner->id, [listener, event, call] {
          auto applied = plugins::apply_event(*listener.owner, *listener.entry, nullptr, *event);
          if (!applied)
            log::warning("A live subscriber failed.",
                         {{"plugin", listener.owner->id}, {"event", event->type}});
        });
      }
    }
  };
  manager_ = std::make_unique<plugins::Manager>(
      plugins::ManagerOptions{
          .directory = settings_.plugins.dir.empty() ? layout_.plugins : settings_.plugins.dir,
          .run_directory = settings_.data_dir / "run",
          .continue_on_failure = settings_.plugins.continue_on_failure,
          .core_openapi = std::string(embedded_openapi())},
      config_, parts_);
  if (sources_) manager_->on_changed([this] { plugins_changed(); });
  manager_->quarantine(crashes_->quarantined());
  manager_->add_host_routes(routes());
  auto database = storage::Database::open(std::move(options));
  if (!database) return Failure{Exit::storage, database.error().message};
  database_ = seams_.database ? seams_.database(std::move(*database)) : std::move(*database);
  parts_.database = database_.get();
  jobs_ = std::make_unique<jobs::Engine>(
      jobs::Options{.runs = sources_.has_value(),
                    .now_ms = seams_.wall_ms,
                    .failed = [this](auto plugin) { background_->failed(plugin, "job"); }},
      *database_);
  background_ = std::make_unique<plugins::Background>(*jobs_, metrics_, settings_.plugins.checked);
  parts_.jobs = background_.get();
  if (sources_) {
    administration_ = std::make_unique<Administration>(*sources_, *manager_, *crashes_, *jobs_);
    hub_backend_ =
        std::make_unique<HubBackend>(settings_.forum.is_private, *database_, *pool_, parts_.snapshot);
    realtime::HubOptions hub_options;
    if (!settings_.limits.enabled) hub_options.frames_per_10s = 0;
    hub_ = seams_.hub ? seams_.hub(*hub_backend_) : realtime::Hub::create(hub_options, *hub_backend_);
    hub_->start();
    parts_.hub = hub_.get();
    observation_ = std::make_unique<Observation>(metrics_, parts_);
  }
  if (auto loaded = manager_->load(); !loaded) return Failure{Exit::configuration, loaded.error().message};
  return std::nullopt;
}

std::optional<Failure> Host::start() {
  if (auto started = manager_->start(); !started)
    return Failure{Exit::configuration, started.error().message};
  return std::nullopt;
}

Result<http::Application*> Host::application() {
  if (auto failure = make_dispatcher()) return Error{ErrorCode::unavailable, failure->message};
  administration_->start();
  ready_ = true;
  return dispatcher_.get();
}

// A timer that comes and goes makes them look at the clock.
void Host::clock_moved() {
  jobs::Agenda none;
  const auto timer = jobs_->after(none, std::chrono::hours(1), [](jobs::JobId) {});
  if (timer) jobs_->cancel(none, *timer);
}

std::optional<Failure> Host::make_dispatcher() {
  const std::string known_url = settings_.http.port || !settings_.http.public_url.empty()
                                    ? (port_ = settings_.http.port, base_url())
                                    : "";
  auto shell =
      Shell::load((seams_.frontend.empty() ? layout_.frontend : seams_.frontend) / "index.html",
                  {settings_.forum.name, settings_.forum.description, settings_.forum.is_private, known_url});
  if (!shell) return Failure{Exit::configuration, shell.error().message};
  dispatcher_ = std::make_unique<Dispatcher>(
      DispatcherOptions{settings_.forum.is_private, settings_.limits.enabled, settings_.http.public_url},
      proxies_, *cache_, *pool_, [this] { return manager_->snapshot(); },
      Dispatcher::Log{[this] { return database_->head(); },
                      [this] {
                        database_->write(
                            "core", [](storage::Transaction&) { return Result<void>(); }, nullptr);
                      }});
  dispatcher_->set_shell(std::move(*shell));
  dispatcher_->set_observe(
      [this](auto owner, int status, auto took) { observation_->answered(owner, status, took); });
  application_.add_directory((seams_.frontend.empty() ? layout_.frontend : seams_.frontend) / "assets",
                             "/assets/");
  dispatcher_->set_files(files(application_));
  dispatcher_->set_upgrade(
      [this](std::shared_ptr<http::Exchange> exchange, std::optional<plugins::Principal> who) {
        std::optional<realtime::Member> member;
        if (who)
          member = realtime::Member{who->user_id, who->nickname, std::string(plugins::role_name(who->role)),
                                    who->session_id};
        exchange->detach([this, exchange, member](int fd, std::string leftover) {
          hub_->accept(fd, exchange->head().block, std::move(leftover), member);
        });
      });
  return std::nullopt;
}

std::optional<Failure> Host::listen() {
  if (auto failure = make_dispatcher()) return failure;
  http::ServerOptions options;
  options.host = settings_.http.host;
  options.port = settings_.http.port;
  options.io_threads = settings_.http.io_threads > 0 ? settings_.http.io_threads : processors();
  options.elsewhere = [this] { return hub_ ? hub_->connections() : 0; };
  server_ = http::Server::create(options, *dispatcher_);
  if (auto started = server_->start(); !started) {
    return Failure{Exit::configuration, "http.host, http.port: " + started.error().message};
  }
  port_ = server_->port();
  return std::nullopt;
}

http::StaticFiles Host::files(http::StaticFiles application) const {
  const auto earlier = dispatcher_->files();
  manager_->for_each_asset([&](const std::string& path, std::string_view bytes) {
    if (!application.add_from(*earlier, path)) application.add(path, bytes);
  });
  return application;
}

// Browsers that are open follow the event.
void Host::plugins_changed() {
  if (dispatcher_) dispatcher_->set_files(files(application_));
  NewEvent event;
  event.type = "plugins.changed";
  event.channels = {"system"};
  event.data = manager_->snapshot()->public_plugins;
  database_->write(
      "core",
      [event](storage::Transaction& transaction) -> Result<void> {
        auto written = transaction.emit(event);
        return written ? Result<void>() : Result<void>(written.error());
      },
      [](const Result<void>& done) {
        if (!done)
          log::error("Browsers could not be told of a change of the plugins.",
                     {{"why", done.error().message}});
      });
}

std::optional<Failure> Host::serve() {
  if (auto failure = listen()) return failure;
  if (auto door = control_.start(settings_.data_dir / "stoa.sock",
                                 [this](const auto& words) { return control(words); });
      !door) {
    return Failure{Exit::storage, door.error().message};
  }
  ticker_ = std::thread([this] { tick(); });
  administration_->start();
  ready_ = true;
  announce_all();
  log::info("Listening.", {{"url", base_url()}, {"version", kVersion}});

  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal == SIGHUP) {
      administration_->reload("of the signal SIGHUP");
      continue;
    }
    log::info("Stopping.", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
    break;
  }
  shut_down();
  log::info("Stopped.");
  return std::nullopt;
}

void Host::announce_all() {
  std::printf("%s is ready: %s\n", settings_.forum.name.c_str(), base_url().c_str());
  for (const auto& [text, path] : announcements_)
    std::printf("%s %s%s\n", text.c_str(), base_url().c_str(), path.c_str());
  std::fflush(stdout);
}

CommandResult Host::control(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "backup") {
    auto done = backup(words[1]);
    if (!done) return {static_cast<int>(Exit::storage), {}, "stoa: " + done.error().message + "\n"};
    return {0, "Backed up to " + words[1] + "\n", {}};
  }
  if (words.size() == 1 && words[0] == "routes") return {0, route_lines(*manager_->snapshot()), {}};
  if (words.size() == 3 && words[0] == "plugin") {
    if (const auto action = action_named(words[1])) return act(*action, words[2]);
  }
  return run_command(*manager_->snapshot(), words);
}

CommandResult Host::act(Administration::Action action, const std::string& id) {
  const auto promise = std::make_shared<std::promise<Result<std::string>>>();
  auto future = promise->get_future();
  administration_->act(action, id,
                       [promise](Result<std::string> done) { promise->set_value(std::move(done)); });
  try {
    const Result<std::string> done = future.get();
    if (done) return {0, id + " is " + *done + "\n", {}};
    return {static_cast<int>(Exit::usage), {}, "stoa: " + done.error().message + "\n"};
  } catch (const std::future_error&) {
    return {static_cast<int>(Exit::software), {}, "stoa: the server is stopping\n"};
  }
}

Result<void> Host::backup(const fs::path& path) {
  return database_->backup(path.string());
}

void Host::tick() {
  auto next_trim = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  std::unique_lock lock(tick_mutex_);
  while (!tick_wake_.wait_for(lock, kTick, [&] { return tick_stop_; })) {
    const auto now = std::chrono::steady_clock::now();
    deferreds_.expire(now);
    if (now < next_trim) continue;
    next_trim = now + kTrimInterval;
    auto trimmed = database_->trim(wall_ms() - kKeepEventsMs);
    if (!trimmed) log::warning("The event log could not be trimmed.", {{"why", trimmed.error().message}});
  }
}

// In-flight requests first, sockets next, then whatever they used.
void Host::shut_down() {
  ready_ = false;
  if (administration_) administration_->stop();
  control_.stop();
  if (server_) server_->stop(kStopDeadline);
  deferreds_.drop_all();
  if (hub_) hub_->stop(1012);
  if (ticker_.joinable()) {
    {
      std::lock_guard lock(tick_mutex_);
      tick_stop_ = true;
    }
    tick_wake_.notify_all();
    ticker_.join();
  }
  if (pool_ && !pool_->stop(kStopDeadline)) {
    log::error("A handler did not end in time.");
    if (database_) database_->close();
    ::_exit(static_cast<int>(Exit::ok));
  }
  if (manager_) manager_->stop(kStopDeadline);
  if (jobs_ && !jobs_->stop(kStopDeadline)) {
    log::error("A job did not end in time.");
    if (database_) database_->close();
    ::_exit(static_cast<int>(Exit::ok));
  }
  if (database_) database_->close();
  server_.reset();
}

}  // namespace stoa::core::host
