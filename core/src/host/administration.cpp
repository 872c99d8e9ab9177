#include "host/administration.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "host/secrets.hpp"
#include "log/log.hpp"
#include "stoa/json.hpp"

namespace stoa::core::host {

namespace {

constexpr int kSettleMs = 200;  // editors write a file in several steps

// key: value, of what needs a restart.
std::map<std::string, std::string> fixed_values(const config::Config& config) {
  std::map<std::string, std::string> values;
  const std::string text = config.print(false);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    const std::size_t equals = line.find(" = ");
    if (equals == std::string::npos) continue;
    const std::string key = line.substr(0, equals);
    if (key == "plugins.enabled" || key == "log.level" || key.rfind("plugin.", 0) == 0) continue;
    values.emplace(key, line.substr(equals));
  }
  return values;
}

std::string json_list(const std::vector<std::string>& texts) {
  Json json;
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  return json.end_array().take();
}

std::string state_of(const plugins::Snapshot& snapshot, const std::string& id) {
  for (const plugins::PluginInfo& plugin : snapshot.plugins) {
    if (plugin.id == id) return std::string(plugins::to_string(plugin.state));
  }
  return std::string(plugins::to_string(plugins::State::disabled));
}

const plugins::PluginInfo* find(const plugins::Snapshot& snapshot, const std::string& id) {
  const auto found = std::find_if(snapshot.plugins.begin(), snapshot.plugins.end(),
                                  [&](const plugins::PluginInfo& plugin) { return plugin.id == id; });
  return found == snapshot.plugins.end() ? nullptr : &*found;
}

// "plugin.auth.names[1].\"a/b\"" to "/names/1/a~1b" (RFC 6901).
std::string pointer_of(const std::string& key, const std::string& id) {
  const std::string base = "plugin." + id;
  const std::string rest = key.rfind(base, 0) == 0 ? key.substr(base.size()) : "." + key;
  std::string pointer;
  bool quoted = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quoted && c == '\\' && i + 1 < rest.size()) {
      pointer += rest[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '.' || c == '[')) {
      pointer += '/';
    } else if (!quoted && c == ']') {
      continue;
    } else {
      pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
  }
  return pointer;
}

// What could not be done is a conflict with the present state, for whoever asked.
Error refusal(const std::string& id, Error error) {
  if (error.code == ErrorCode::validation || error.code == ErrorCode::internal)
    error.code = ErrorCode::conflict;
  error.message = "The plugin " + id + " was left as it was: " + error.message;
  if (error.message.back() != '.') error.message += '.';
  return error;
}

}  // namespace

std::optional<Administration::Action> action_named(std::string_view word) {
  if (word == "enable") return Administration::Action::enable;
  if (word == "disable") return Administration::Action::disable;
  if (word == "upgrade") return Administration::Action::upgrade;
  if (word == "reset") return Administration::Action::reset;
  if (word == "retry") return Administration::Action::retry;
  return std::nullopt;
}

Administration::Administration(config::Sources sources, plugins::Manager& manager, crash::History& crashes,
                               jobs::Engine& jobs)
    : sources_(std::move(sources)), manager_(manager), crashes_(crashes), jobs_(jobs) {}

void Administration::start() {
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread_ = std::thread([this] { run(); });
}

void Administration::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    tasks_.clear();
  }
  if (wake_ >= 0) ::eventfd_write(wake_, 1);
  if (thread_.joinable()) thread_.join();
  if (wake_ >= 0) ::close(std::exchange(wake_, -1));
}

void Administration::post(std::function<void()> task) {
  std::lock_guard lock(mutex_);
  if (stopping_ || wake_ < 0) return;
  tasks_.push_back(std::move(task));
  ::eventfd_write(wake_, 1);
}

bool Administration::take(std::function<void()>& task) {
  std::lock_guard lock(mutex_);
  if (tasks_.empty()) return false;
  task = std::move(tasks_.front());
  tasks_.pop_front();
  return true;
}

void Administration::run() {
  const int files = watch_files();
  bool changed = false;
  for (;;) {
    pollfd waiting[] = {{wake_, POLLIN, 0}, {files, POLLIN, 0}};
    const int ready = ::poll(waiting, files >= 0 ? 2 : 1, changed ? kSettleMs : -1);
    {
      std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    eventfd_t count = 0;
    if (waiting[0].revents) (void)::eventfd_read(wake_, &count);
    if (files >= 0 && waiting[1].revents) {
      alignas(inotify_event) char events[4096];
      const ssize_t size = ::read(files, events, sizeof events);
      for (ssize_t at = 0; at < size;) {
        const auto* event = reinterpret_cast<const inotify_event*>(events + at);
        const std::string name = event->len ? event->name : "";
        changed = changed || name == manager_.config()->file().filename() || name == "stoa.local.toml";
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      }
      continue;
    }
    if (ready == 0 && changed) {
      changed = false;
      take_up("a file was saved");
    }
    for (std::function<void()> task; take(task);) task();
  }
  if (files >= 0) ::close(files);
}

// The directories, because editors replace files.
int Administration::watch_files() const {
  const int files = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (files < 0) {
    log::warning("The configuration is not watched; SIGHUP makes it be read again.");
    return -1;
  }
  constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO;
  const auto config = manager_.config();
  std::set<std::filesystem::path> directories{config->settings().data_dir};
  if (!config->file().empty()) directories.insert(config->file().parent_path());
  for (const auto& directory : directories) {
    if (::inotify_add_watch(files, directory.c_str(), kEvents) < 0)
      log::warning("A directory cannot be watched; SIGHUP makes the configuration be read again.",
                   {{"directory", directory.string()}});
  }
  return files;
}

void Administration::act(Action action, std::string id, std::function<void(Result<std::string>)> done) {
  post([this, action, id = std::move(id), done = std::move(done)] { done(change(action, id)); });
}

void Administration::set_settings(std::string id, std::string json,
                                  std::function<void(Result<std::string>)> done) {
  post([this, id = std::move(id), json = std::move(json), done = std::move(done)] {
    done(change_settings(id, json));
  });
}

void Administration::reload(std::string why) {
  post([this, why = std::move(why)] { take_up(why); });
}

Result<std::string> Administration::change(Action action, const std::string& id) {
  if (action == Action::upgrade) {
    auto upgraded = manager_.upgrade(id);
    if (!upgraded) return refusal(id, upgraded.error());
    return state_of(*manager_.snapshot(), id);
  }
  if (action == Action::reset) {
    if (auto reset = crashes_.reset(id); !reset) return refusal(id, reset.error());
    manager_.quarantine(crashes_.quarantined());
    for (const std::string& wrong : manager_.apply(manager_.config())) {
      if (wrong.rfind("plugin \"" + id + "\"", 0) == 0) return Error{ErrorCode::conflict, wrong};
    }
    return state_of(*manager_.snapshot(), id);
  }
  if (action == Action::retry) {
    if (!find(*manager_.snapshot(), id))
      return refusal(id, {ErrorCode::not_found, "there is no such plugin"});
    const auto entries = jobs_.retry(id);
    if (!entries) return entries.error();
    log::info("Parked jobs wait again.", {{"plugin", id}, {"jobs", std::to_string(*entries)}});
    return state_of(*manager_.snapshot(), id);
  }
  const bool on = action == Action::enable;
  if (const std::string by = manager_.config()->pinned_by("plugins.enabled"); !by.empty()) {
    return refusal(id, {ErrorCode::conflict, "plugins.enabled is set by the " + by +
                                                 ", which counts more than what can be changed here"});
  }
  if (auto done = on ? manager_.enable(id) : manager_.disable(id); !done) return refusal(id, done.error());
  if (auto kept = keep_enabled(manager_.enabled()); !kept) {
    log::error("A change of the plugins could not be kept.", {{"plugin", id}, {"why", kept.error().message}});
    if (auto undone = on ? manager_.disable(id) : manager_.enable(id); !undone)
      log::error("A change of the plugins could not be undone.",
                 {{"plugin", id}, {"why", undone.error().message}});
    return Error{ErrorCode::unavailable, "The change could not be written to the configuration."};
  }
  take_up({});
  return state_of(*manager_.snapshot(), id);
}

Result<void> Administration::keep_enabled(const std::vector<std::string>& enabled) {
  if (enabled == manager_.config()->settings().plugins.enabled) return {};
  return config::LocalFile(manager_.config()->settings().data_dir)
      .set({"plugins", "enabled"}, json_list(enabled));
}

Result<std::string> Administration::change_settings(const std::string& id, const std::string& json) {
  const plugins::SnapshotPtr snapshot = manager_.snapshot();
  const plugins::PluginInfo* plugin = find(*snapshot, id);
  if (!plugin) return Error{ErrorCode::not_found, "There is no such plugin."};
  if (plugin->schema.empty()) return Error{ErrorCode::conflict, "This plugin has no settings."};
  if (const std::string by = manager_.config()->pinned_by("plugin." + id); !by.empty()) {
    return Error{ErrorCode::conflict,
                 "Its settings are set by the " + by + ", which counts more than what can be changed here."};
  }
  config::LocalFile file(manager_.config()->settings().data_dir);
  auto before = file.text();
  if (!before) return before.error();
  std::vector<config::Mistake> none;
  const std::string present = manager_.config()->plugin_settings(id, plugin->schema, none);
  if (auto set = file.set({"plugin", id}, with_secrets(json, present, plugin->schema)); !set)
    return set.error();
  const auto undo = [&](Error error) {
    if (auto restored = file.restore(*before); !restored)
      log::error("The settings could not be put back.", {{"plugin", id}, {"why", restored.error().message}});
    return error;
  };
  auto [fresh, mistakes] = config::Config::load(sources_);
  if (!fresh)
    return undo({ErrorCode::conflict, "The configuration has mistakes: " + mistakes.front().to_string()});
  const std::string settings = fresh->plugin_settings(id, plugin->schema, mistakes);
  if (!mistakes.empty()) {
    Error error{ErrorCode::validation, "These settings are not as they should be."};
    for (const config::Mistake& mistake : mistakes)
      error.fields.push_back({pointer_of(mistake.key, id), "invalid", mistake.message});
    return undo(std::move(error));
  }
  if (plugin->state == plugins::State::active) {
    auto done = manager_.configure(id, plugins::ConfigPtr(std::move(fresh)));
    if (!done) return undo(refusal(id, done.error()));
  }
  take_up({});
  return without_secrets(settings, plugin->schema);
}

// `why` is empty where it is only to note what was changed here.
void Administration::take_up(const std::string& why) {
  auto [fresh, mistakes] = config::Config::load(sources_);
  if (!fresh) {
    for (const config::Mistake& mistake : mistakes)
      log::error("The configuration has a mistake; the present one goes on.",
                 {{"mistake", mistake.to_string()}});
    return;
  }
  const auto before = fixed_values(*manager_.config());
  for (const auto& [key, value] : fixed_values(*fresh)) {
    const auto old = before.find(key);
    if (old != before.end() && old->second != value)
      log::warning("This change of the configuration needs a restart.", {{"key", key}});
  }
  log::start(fresh->settings().log.level);
  const std::vector<std::string> wrong = manager_.apply(plugins::ConfigPtr(std::move(fresh)));
  for (const std::string& what : wrong)
    log::error("A change of the configuration could not be taken up.", {{"why", what}});
  if (!why.empty() && wrong.empty()) log::info("The configuration was read again.", {{"because", why}});
}

}  // namespace stoa::core::host
