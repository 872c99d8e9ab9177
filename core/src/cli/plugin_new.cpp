#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "cli/plugin_tools.hpp"
#include "host/host.hpp"
#include "plugins/manifest.hpp"

namespace stoa::core::cli {

namespace fs = std::filesystem;

namespace {

int refuse(host::Exit code, const std::string& why) {
  std::fprintf(stderr, "stoa: %s\n", why.c_str());
  return static_cast<int>(code);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

using Words = std::vector<std::pair<std::string_view, std::string>>;

// Copies a folder of the template, its placeholders filled in. False: a file could not be written.
bool copy_filled(const fs::path& from, const fs::path& to, const Words& words) {
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    if (!entry.is_regular_file()) continue;
    fs::path name = fs::relative(entry.path(), from);
    if (name == "gitignore") name = ".gitignore";
    std::ifstream in(entry.path(), std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    std::string text = bytes.str();
    for (const auto& [placeholder, word] : words) replace_all(text, placeholder, word);
    fs::create_directories((to / name).parent_path());
    std::ofstream out(to / name, std::ios::binary);
    out << text;
    if (!out.flush()) return false;
  }
  return true;
}

}  // namespace

int plugin_new(const PluginTool& tool) {
  const std::string& id = tool.path;
  static const std::set<std::string> kTaken = {"auth", "posts", "chat", "notification", "core", "stoa"};
  if (!plugins::valid_id(id))
    return refuse(host::Exit::usage,
                  "\"" + id +
                      "\" is no name for a plugin: 2 to 31 characters of a-z, 0-9 and _, the first "
                      "one a letter");
  if (kTaken.count(id)) return refuse(host::Exit::usage, "\"" + id + "\" is the name of a part of Stoa");
  const fs::path directory = fs::absolute(id);
  const host::Layout layout = host::Layout::of_this_program();
  const fs::path templates = layout.sdk / "template";
  std::error_code code;
  if (fs::exists(fs::symlink_status(directory, code)))
    return refuse(host::Exit::configuration, directory.string() + " exists already");
  if (!fs::is_directory(templates, code))
    return refuse(host::Exit::configuration,
                  "there is no template in " + templates.string() + "; install the SDK");

  const Words words = {{"@ID@", id},
                       {"@PREFIX@", layout.prefix.string()},
                       {"@SOURCE@", tool.in_c ? "plugin.c" : "plugin.cpp"},
                       {"@UI@", tool.with_ui ? " UI_DIR ui" : ""}};
  try {
    for (const char* part : {"common", tool.in_c ? "c" : "cpp", tool.with_ui ? "ui" : ""}) {
      if (*part && !copy_filled(templates / part, directory, words))
        return refuse(host::Exit::configuration, directory.string() + ": a file could not be written");
    }
  } catch (const fs::filesystem_error& error) {
    return refuse(host::Exit::configuration, error.what());
  }
  std::printf("Made %s. Now:\n  cd %s\n  cmake -B build && cmake --build build\n  ctest --test-dir build\n",
              directory.c_str(), id.c_str());
  return 0;
}

}  // namespace stoa::core::cli
