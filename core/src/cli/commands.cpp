#include "cli/commands.hpp"

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "config/local_file.hpp"
#include "crash/history.hpp"
#include "crash/supervisor.hpp"
#include "host/host.hpp"
#include "log/log.hpp"
#include "stoa/json.hpp"

namespace stoa::core::cli {

namespace {

using host::Exit;
using host::Failure;
using host::Host;

int report(const Failure& failure) {
  std::fprintf(stderr, "stoa: %s\n", failure.message.c_str());
  return static_cast<int>(failure.code);
}

int print(const host::CommandResult& result) {
  std::fputs(result.out.c_str(), stdout);
  std::fputs(result.err.c_str(), stderr);
  return result.status;
}

std::filesystem::path socket_of(const config::Config& config) {
  return config.settings().data_dir / "stoa.sock";
}

}  // namespace

namespace {

int serve_here(const ConfigPtr& config, const config::Sources& sources) {
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  Host host(config, sources);
  if (auto failure = host.open()) return report(*failure);
  if (auto failure = host.start()) return report(*failure);
  if (auto failure = host.serve()) return report(*failure);
  return 0;
}

}  // namespace

int serve(const ConfigPtr& config, const config::Sources& sources) {
  if (!config->settings().plugins.restart_after_crash) return serve_here(config, sources);
  return crash::supervise([&] { return serve_here(config, sources); }).exit_code;
}

int migrate(const ConfigPtr& config) {
  Host host(config, std::nullopt);
  if (auto failure = host.open()) return report(*failure);
  std::printf("The database is up to date: %s\n", config->settings().storage.path.c_str());
  return 0;
}

int plugin_list(const config::Config& config) {
  const auto& settings = config.settings();
  const auto directory =
      settings.plugins.dir.empty() ? host::Layout::of_this_program().plugins : settings.plugins.dir;
  const plugins::Found found = plugins::discover(directory);
  const plugins::Resolution resolution = plugins::resolve(found, settings.plugins.enabled);
  const auto enabled = [&](const std::string& id) {
    return std::find(settings.plugins.enabled.begin(), settings.plugins.enabled.end(), id) !=
           settings.plugins.enabled.end();
  };
  std::printf("%-16s %-10s %-9s %s\n", "PLUGIN", "VERSION", "STATE", "ABOUT");
  for (const auto& [id, binary] : found.binaries) {
    std::printf("%-16s %-10s %-9s %s\n", id.c_str(), binary.manifest.version.c_str(),
                enabled(id) ? "enabled" : "disabled", binary.manifest.description.c_str());
  }
  for (const auto& [name, why] : found.broken) {
    std::printf("%-16s %-10s %-9s %s\n", name.c_str(), "-", "broken", why.c_str());
  }
  for (const auto& [id, why] : resolution.mistakes)
    std::fprintf(stderr, "stoa: plugin \"%s\" %s\n", id.c_str(), why.c_str());
  return resolution.mistakes.empty() ? 0 : static_cast<int>(Exit::configuration);
}

int backup(const ConfigPtr& config, const std::string& path) {
  const std::string absolute = std::filesystem::absolute(path).string();
  if (const auto result = host::ControlSocket::ask(socket_of(*config), {"backup", absolute}))
    return print(*result);
  Host host(config, std::nullopt);
  if (auto failure = host.open()) return report(*failure);
  if (auto done = host.backup(absolute); !done) return report({Exit::storage, done.error().message});
  std::printf("Backed up to %s\n", absolute.c_str());
  return 0;
}

// The file itself was checked when it was loaded; here the sections of plugins are, and whether the enabled
// ones fit together.
int config_check(const config::Config& config) {
  const auto& settings = config.settings();
  const auto directory =
      settings.plugins.dir.empty() ? host::Layout::of_this_program().plugins : settings.plugins.dir;
  const plugins::Found found = plugins::discover(directory);
  std::vector<config::Mistake> mistakes;
  for (const std::string& id : settings.plugins.enabled) {
    const auto binary = found.binaries.find(id);
    if (binary != found.binaries.end())
      config.plugin_settings(id, binary->second.manifest.settings, mistakes);
  }
  for (const auto& [id, why] : plugins::resolve(found, settings.plugins.enabled).mistakes) {
    mistakes.push_back({"", "plugins.enabled", "plugin \"" + id + "\" " + why});
  }
  for (const config::Mistake& mistake : mistakes)
    std::fprintf(stderr, "stoa: %s\n", mistake.to_string().c_str());
  if (!mistakes.empty()) return static_cast<int>(Exit::configuration);
  std::printf("The configuration is good%s%s\n", config.file().empty() ? "" : ": ", config.file().c_str());
  return 0;
}

int routes(const ConfigPtr& config) {
  if (const auto result = host::ControlSocket::ask(socket_of(*config), {"routes"})) return print(*result);
  Host host(config, std::nullopt);
  if (auto failure = host.open()) return report(*failure);
  if (auto failure = host.start()) return report(*failure);
  return print({0, host::route_lines(*host.snapshot()), {}});
}

// The running server does it, and keeps it in stoa.local.toml; without one it is kept for the next start.
int plugin_change(const ConfigPtr& config, const std::string& action, const std::string& id) {
  if (const auto result = host::ControlSocket::ask(socket_of(*config), {"plugin", action, id}))
    return print(*result);
  if (action == "reset") {
    crash::History crashes(config->settings().data_dir);
    if (auto reset = crashes.reset(id); !reset)
      return report({Exit::usage, id + ": " + reset.error().message});
    std::printf("%s may try again from the next start on\n", id.c_str());
    return 0;
  }
  if (action == "retry")
    return report({Exit::usage, "No server is running, and only a running one takes up jobs."});
  if (action == "upgrade") {
    std::printf("No server is running; the file %s.so is taken when it starts.\n", id.c_str());
    return 0;
  }
  if (const std::string by = config->pinned_by("plugins.enabled"); !by.empty())
    return report({Exit::usage, "plugins.enabled is set by the " + by +
                                    ", which counts more than what can be changed here"});
  const auto& settings = config->settings();
  std::vector<std::string> enabled = settings.plugins.enabled;
  enabled.erase(std::remove(enabled.begin(), enabled.end(), id), enabled.end());
  if (action == "enable") enabled.push_back(id);
  const plugins::Found found = plugins::discover(
      settings.plugins.dir.empty() ? host::Layout::of_this_program().plugins : settings.plugins.dir);
  for (const auto& [wrong, why] : plugins::resolve(found, enabled).mistakes)
    return report({Exit::usage, "plugin \"" + wrong + "\" " + why});
  Json json;
  json.begin_array();
  for (const std::string& one : enabled) json.value(one);
  std::error_code code;
  std::filesystem::create_directories(settings.data_dir, code);
  if (auto kept = config::LocalFile(settings.data_dir).set({"plugins", "enabled"}, json.end_array().take());
      !kept)
    return report({Exit::storage, kept.error().message});
  std::printf("%s is %sd from the next start on\n", id.c_str(), action.c_str());
  return 0;
}

int plugin_command(const ConfigPtr& config, const std::vector<std::string>& words) {
  if (const auto result = host::ControlSocket::ask(socket_of(*config), words)) return print(*result);
  Host host(config, std::nullopt);
  if (auto failure = host.open()) return report(*failure);
  if (auto failure = host.start()) return report(*failure);
  return print(host::run_command(*host.snapshot(), words));
}

}  // namespace stoa::core::cli
