// Which plugin files are there, and in which order the enabled ones come.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/elf.hpp"

namespace stoa::core::plugins {

// What is in the plugin directory. Broken files are listed with what is wrong.
struct Found {
  std::map<std::string, Binary> binaries;     // by id
  std::map<std::string, std::string> broken;  // by file name without ".so"
};
Found discover(const std::filesystem::path& directory);
// Looks at the file of that one plugin again.
void rediscover(const std::filesystem::path& directory, const std::string& id, Found& found);

// The enabled ids in an order in which everyone comes after what it requires. All mistakes: missing file,
// broken file, required but not enabled (naming who needs it), circular.
struct Resolution {
  std::vector<std::string> order;
  std::map<std::string, std::string> mistakes;  // by plugin id
};
Resolution resolve(const Found& found, const std::vector<std::string>& enabled);

bool holds(const std::vector<std::string>& ids, const std::string& id);
std::string join(const std::vector<std::string>& parts, std::string_view between);

}  // namespace stoa::core::plugins
