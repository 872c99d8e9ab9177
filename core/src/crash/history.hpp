// Which plugins crashed the forum, kept across restarts: <data_dir>/crash is what the last crash left,
// <data_dir>/crashes the history.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "stoa/result.hpp"

namespace stoa::core::crash {

inline constexpr int kMostCrashes = 3;  // of one plugin …
inline constexpr std::int64_t kPeriodMs =
    std::int64_t{60} * 60 * 1000;  // … in that time: then it is quarantined

struct Crash {
  std::string plugin;  // empty: the host's own code, or unknown
  std::string place;   // "GET /api/v1/posts", "start"
  std::string what;    // "SIGSEGV"
};

// [lifecycle] One process at a time: whoever holds the data directory.
class History {
 public:
  explicit History(const std::filesystem::path& data_dir);
  static std::filesystem::path record_path(const std::filesystem::path& data_dir) {
    return data_dir / "crash";
  }

  // What the last run left, if it crashed; it is counted and taken away.
  std::optional<Crash> take(std::int64_t now_ms);
  // Why each is quarantined, for people.
  const std::map<std::string, std::string>& quarantined() const { return quarantined_; }
  // Forgets a plugin's crashes. Errors: not_found (it has none), unavailable.
  Result<void> reset(const std::string& plugin);

 private:
  struct Entry {
    std::int64_t time_ms = 0;
    std::string plugin, place, what;
    bool quarantined = false;
  };
  void read();
  Result<void> write() const;
  void judge(const std::string& plugin, std::int64_t now_ms);
  void note_quarantined();

  const std::filesystem::path record_, history_;
  std::vector<Entry> entries_;
  std::map<std::string, std::string> quarantined_;
};

}  // namespace stoa::core::crash
