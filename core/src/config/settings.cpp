#include "config/settings.hpp"

#include <stdexcept>

namespace stoa::core::config {
namespace {

class Values {
 public:
  explicit Values(const Tree& tree) : tree_(tree) {}

  std::string text(const KeyPath& path) const { return std::string(text_of(at(path))); }
  bool flag(const KeyPath& path) const { return at(path).GetBool(); }
  int number(const KeyPath& path) const { return at(path).GetInt(); }
  std::vector<std::string> texts(const KeyPath& path) const {
    std::vector<std::string> texts;
    for (const auto& element : at(path).GetArray()) texts.emplace_back(text_of(element));
    return texts;
  }

 private:
  const rapidjson::Value& at(const KeyPath& path) const {
    if (const auto* value = tree_.find(path)) return *value;
    throw std::logic_error("the schema gives no default for " + dotted(path));
  }
  const Tree& tree_;
};

}  // namespace

std::filesystem::path absolute_path(const std::filesystem::path& directory,
                                    const std::filesystem::path& path) {
  if (path.empty()) return path;
  std::filesystem::path whole = (directory / path).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

Settings settings_of(const Tree& tree, const std::filesystem::path& directory) {
  const Values values(tree);
  Settings settings;
  settings.forum.name = values.text({"forum", "name"});
  settings.forum.description = values.text({"forum", "description"});
  settings.forum.is_private = values.flag({"forum", "private"});
  settings.http.host = values.text({"http", "host"});
  settings.http.port = static_cast<std::uint16_t>(values.number({"http", "port"}));
  settings.http.public_url = values.text({"http", "public_url"});
  if (settings.http.public_url.ends_with('/')) settings.http.public_url.pop_back();
  settings.http.trusted_proxies = values.texts({"http", "trusted_proxies"});
  settings.http.io_threads = values.number({"http", "io_threads"});
  settings.http.workers = values.number({"http", "workers"});
  settings.data_dir = absolute_path(directory, values.text({"data_dir"}));
  settings.storage.backend = values.text({"storage", "backend"});
  settings.storage.path = absolute_path(directory, values.text({"storage", "path"}));
  settings.storage.slow_statement_ms = values.number({"storage", "slow_statement_ms"});
  if (settings.storage.path.empty()) settings.storage.path = settings.data_dir / "stoa.db";
  settings.plugins.enabled = values.texts({"plugins", "enabled"});
  settings.plugins.dir = absolute_path(directory, values.text({"plugins", "dir"}));
  settings.plugins.continue_on_failure = values.text({"plugins", "on_failure"}) == "continue";
  settings.plugins.restart_after_crash = values.flag({"plugins", "restart_after_crash"});
  settings.plugins.checked = values.flag({"plugins", "checked"});
  settings.metrics.is_public = values.flag({"metrics", "public"});
  settings.limits.enabled = values.flag({"limits", "enabled"});
  settings.log.level = values.text({"log", "level"});
  settings.cache.max_bytes = std::int64_t{values.number({"cache", "max_mb"})} * 1024 * 1024;
  return settings;
}

}  // namespace stoa::core::config
