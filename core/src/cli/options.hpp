// The command line, parsed. CLI11 stays behind options.cpp.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stoa::core::cli {

enum class Command {
  help,
  version,
  serve,
  migrate,
  plugin_list,
  plugin_change,
  plugin_validate,
  plugin_new,
  plugin_pack,
  plugin_dev,
  backup,
  config_check,
  config_print,
  routes,
  plugin_command
};

// Of plugin new, pack and dev.
struct PluginTool {
  std::string path = ".";  // new: the name
  std::string out;
  bool in_c = false;
  bool with_ui = false;
};

struct Options {
  Command command = Command::help;
  std::optional<std::string> config_file;
  std::vector<std::pair<std::string, std::string>> overrides;  // dotted key, value
  bool with_origin = false;
  std::vector<std::string> words;  // of a plugin's command; what is to be done to which plugin
  std::string path;                // of backup, plugin validate
  bool as_json = false;            // of plugin validate
  int time_limit_s = 0;            // of plugin validate, for each step; 0: the default
  PluginTool plugin_tool;
  std::string text;  // help, or what was wrong
  int status = 0;    // exit code when the command is help
};

Options parse(int argc, char** argv);

}  // namespace stoa::core::cli
