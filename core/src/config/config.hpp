// The forum's configuration: where each value came from, and what is wrong with it. No TOML, no CLI parser
// here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stoa::core::config {

// Checked and complete; paths absolute. Keys are those of config/stoa.schema.json.
struct Settings {
  struct {
    std::string name, description;
    bool is_private = false;  // forum.private: strangers see the login page only
  } forum;
  struct {
    std::string host;
    std::uint16_t port = 0;
    std::string public_url;                    // without a final slash; empty: http://<host>:<port>
    std::vector<std::string> trusted_proxies;  // addresses or networks in CIDR notation
    int io_threads = 0;                        // 0: as many as processors
    int workers = 0;                           // 0: 4 for each processor, at least 8
  } http;
  std::filesystem::path data_dir;
  struct {
    std::string backend;
    std::filesystem::path path;
    int slow_statement_ms = 250;  // 0: none are logged
  } storage;
  struct {
    std::vector<std::string> enabled;
    std::filesystem::path dir;  // empty: found beside the program
    bool continue_on_failure = false;
    bool restart_after_crash = true;
    bool checked = false;  // every promise of stoa.h is checked, also those that cost something
  } plugins;
  struct {
    bool is_public = false;  // metrics.public: GET /metrics for everybody, not for this machine only
  } metrics;
  struct {
    bool enabled = true;
  } limits;
  struct {
    std::string level;  // debug, info, warning, error
  } log;
  struct {
    std::int64_t max_bytes = 0;  // of cached answers; 0: none are kept
  } cache;
};

// What is wrong, for people: "config/stoa.toml:12: http.port: must be an integer from 0 to
// 65535, not 99999", "environment STOA__HTTP__PORT: …", "command line: …".
struct Mistake {
  std::string where;  // file:line, environment variable or command line; empty when the value is missing
  std::string key;    // dotted
  std::string message;
  std::string to_string() const;
};

// Where values are looked for.
struct Sources {
  // --config; must exist. Else STOA_CONFIG, ./stoa.toml, ./config/stoa.toml, /etc/stoa/stoa.toml, none.
  std::optional<std::filesystem::path> file = {};
  std::vector<std::pair<std::string, std::string>> overrides = {};  // command line: dotted key, value as text
  std::map<std::string, std::string> environment = {};  // STOA__HTTP__PORT=…, STOA__…__FILE=path of a secret
  std::filesystem::path directory = {};                 // relative paths of every source start here; absolute
};

// [any-thread] Never changes once it is loaded.
class Config {
 public:
  // All mistakes at once, not the first; null when there are any. A value that another one overrides is not
  // checked.
  static std::pair<std::unique_ptr<Config>, std::vector<Mistake>> load(const Sources& sources);
  // Of this process: its environment and working directory.
  static Sources process_sources();

  virtual ~Config() = default;
  virtual const Settings& settings() const = 0;
  // Sections [plugin.<id>] that were given.
  virtual std::vector<std::string> plugin_sections() const = 0;
  // The settings of a plugin as a JSON object checked against its schema (empty: no settings are allowed),
  // defaults filled in.
  virtual std::string plugin_settings(std::string_view id, std::string_view schema,
                                      std::vector<Mistake>& mistakes) const = 0;
  // One line each, "http.port = 8080  # default"; with origins: file:line, environment variable, option,
  // default. Secrets (keys whose schema says "writeOnly", and what came from a …__FILE) are shown as "…". A
  // plugin's section is complete when its schema is given by its id; without one all its values may be
  // secrets.
  virtual std::string print(bool with_origin,
                            const std::map<std::string, std::string>& plugin_schemas = {}) const = 0;
  // Which environment variable or option sets that dotted key, or, for "plugin.<id>", any setting of that
  // plugin; empty: none does. Such a value cannot be changed while the program runs.
  virtual std::string pinned_by(std::string_view dotted_key) const = 0;
  // The file that was read, absolute; empty: none. The local file is settings().data_dir / "stoa.local.toml".
  virtual std::filesystem::path file() const = 0;
};

}  // namespace stoa::core::config
