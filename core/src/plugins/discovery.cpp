#include "plugins/discovery.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <system_error>

namespace stoa::core::plugins {

namespace fs = std::filesystem;

namespace {

void look_at(const fs::path& path, Found& found) {
  const std::string name = path.stem().string();
  auto binary = inspect(path);
  if (!binary) {
    found.broken.emplace(name, binary.error().message);
  } else if (binary->manifest.id != name) {
    found.broken.emplace(name, "holds the plugin \"" + binary->manifest.id + "\"; it must be called " +
                                   binary->manifest.id + ".so");
  } else {
    found.binaries.emplace(name, std::move(*binary));
  }
}

}  // namespace

bool holds(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

Found discover(const fs::path& directory) {
  Found found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(directory, code)) {
    if (entry.path().extension() == ".so") look_at(entry.path(), found);
  }
  return found;
}

void rediscover(const fs::path& directory, const std::string& id, Found& found) {
  found.binaries.erase(id);
  found.broken.erase(id);
  const fs::path path = directory / (id + ".so");
  std::error_code code;
  if (fs::exists(path, code)) look_at(path, found);
}

Resolution resolve(const Found& found, const std::vector<std::string>& enabled) {
  Resolution resolution;
  const std::set<std::string> wanted(enabled.begin(), enabled.end());
  for (const std::string& id : enabled) {
    if (found.binaries.count(id)) continue;
    const auto broken = found.broken.find(id);
    resolution.mistakes[id] = broken == found.broken.end() ? "is enabled, but there is no file " + id + ".so"
                                                           : "its file " + id + ".so " + broken->second;
  }
  std::map<std::string, std::vector<std::string>> needed_by;
  for (const std::string& id : enabled) {
    const auto binary = found.binaries.find(id);
    if (binary == found.binaries.end()) continue;
    for (const std::string& need : binary->second.manifest.needs) {
      if (!wanted.count(need)) needed_by[need].push_back(id);
    }
  }
  for (const auto& [need, by] : needed_by) {
    resolution.mistakes[need] = std::string("is not enabled, but needed by ") + join(by, ", ");
  }

  // Depth first; `path` finds the circle.
  std::set<std::string> done;
  std::vector<std::string> path;
  std::function<void(const std::string&)> visit = [&](const std::string& id) {
    const auto binary = found.binaries.find(id);
    if (done.count(id) || binary == found.binaries.end() || !wanted.count(id)) return;
    if (const auto again = std::find(path.begin(), path.end(), id); again != path.end()) {
      std::vector<std::string> circle(again, path.end());
      circle.push_back(id);
      resolution.mistakes[id] = "requires itself: " + join(circle, " -> ");
      return;
    }
    path.push_back(id);
    for (const std::string& need : binary->second.manifest.needs) visit(need);
    path.pop_back();
    if (done.insert(id).second) resolution.order.push_back(id);
  };
  for (const std::string& id : enabled) visit(id);
  return resolution;
}

}  // namespace stoa::core::plugins
