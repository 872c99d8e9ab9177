#include "crash/history.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace stoa::core::crash {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostEntries = 200;

std::string line_of(std::istream& in) {
  std::string line;
  std::getline(in, line);
  return line;
}

// One line, without what separates entries.
std::string plain(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text.substr(0, 200);
}

}  // namespace

History::History(const fs::path& data_dir) : record_(record_path(data_dir)), history_(data_dir / "crashes") {
  read();
  note_quarantined();
}

// "time<TAB>quarantined<TAB>plugin<TAB>place<TAB>what"
void History::read() {
  std::ifstream in(history_);
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::vector<std::string> parts;
    for (std::string part; std::getline(fields, part, '\t');) parts.push_back(part);
    if (parts.size() < 5 || parts[0].empty() || parts[0].size() > 15 ||
        !std::all_of(parts[0].begin(), parts[0].end(), [](char c) { return c >= '0' && c <= '9'; }))
      continue;
    entries_.push_back({std::stoll(parts[0]), parts[2], parts[3], parts[4], parts[1] == "1"});
  }
}

Result<void> History::write() const {
  const fs::path fresh = history_.string() + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  const std::size_t first = entries_.size() > kMostEntries ? entries_.size() - kMostEntries : 0;
  for (std::size_t i = first; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    out << entry.time_ms << '\t' << (entry.quarantined ? 1 : 0) << '\t' << entry.plugin << '\t' << entry.place
        << '\t' << entry.what << '\n';
  }
  out.close();
  std::error_code code;
  if (out) fs::rename(fresh, history_, code);
  if (!out || code) return Error{ErrorCode::unavailable, history_.string() + " cannot be written"};
  return {};
}

std::optional<Crash> History::take(std::int64_t now_ms) {
  std::ifstream in(record_);
  if (!in) return std::nullopt;
  Crash crash{plain(line_of(in)), plain(line_of(in)), plain(line_of(in))};
  in.close();
  entries_.push_back({now_ms, crash.plugin, crash.place, crash.what, false});
  if (!crash.plugin.empty()) judge(crash.plugin, now_ms);
  // Counted twice is better than not at all, were this the moment of the next crash.
  (void)write();
  std::error_code code;
  fs::remove(record_, code);
  note_quarantined();
  return crash;
}

void History::judge(const std::string& plugin, std::int64_t now_ms) {
  const auto recent = std::count_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.plugin == plugin && entry.time_ms > now_ms - kPeriodMs;
  });
  if (recent >= kMostCrashes) entries_.back().quarantined = true;
}

void History::note_quarantined() {
  quarantined_.clear();
  for (const Entry& entry : entries_) {
    if (!entry.quarantined) continue;
    quarantined_[entry.plugin] = "crashed the forum " + std::to_string(kMostCrashes) +
                                 " times within an hour, at last in " + entry.place + " (" + entry.what +
                                 "); \"stoa plugin reset " + entry.plugin + "\" lets it try again";
  }
}

Result<void> History::reset(const std::string& plugin) {
  const auto gone = std::remove_if(entries_.begin(), entries_.end(),
                                   [&](const Entry& entry) { return entry.plugin == plugin; });
  if (gone == entries_.end()) return Error{ErrorCode::not_found, "it has not crashed"};
  entries_.erase(gone, entries_.end());
  note_quarantined();
  return write();
}

}  // namespace stoa::core::crash
