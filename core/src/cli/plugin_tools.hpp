// What plugin authors use: stoa plugin new, pack and dev. Each returns the exit code and prints for people.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "config/config.hpp"

namespace stoa::core::cli {

// A new directory ./<name> from the SDK's template, which builds, tests and runs as it is.
// 64: no name for a plugin; 78: the directory exists or cannot be made, or there is no template.
int plugin_new(const PluginTool& tool);

// One file for operators of a built plugin; `tool.path` is its directory or its file.
// 64: there is no plugin; 70: it cannot be packed.
int plugin_pack(const PluginTool& tool);

// Beside a running forum: builds that directory at every save and has the result enabled or upgraded. Ends
// with 0 at SIGINT and SIGTERM. 64: no plugin's directory.
int plugin_dev(const config::Config& config, const PluginTool& tool);

// The id in that directory's plugin.json; empty, after telling why, without one.
std::string plugin_of(const std::filesystem::path& directory);

// Runs a program of the PATH with this one's streams; its exit code, 127 when it cannot be
// run. `directory`, if not empty, is where; `out`, if not empty, is a file for its standard output.
int run_program(const std::vector<std::string>& words, const std::filesystem::path& directory = {},
                const std::filesystem::path& out = {});

}  // namespace stoa::core::cli
