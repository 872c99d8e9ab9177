#include "cli/options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <set>

namespace stoa::core::cli {

namespace {

constexpr int kUsage = 64;

// Options every command takes: where the configuration comes from.
void add_common(CLI::App& app, Options& options, std::vector<std::string>& sets) {
  app.add_option_function<std::string>(
      "--config", [&](const std::string& path) { options.config_file = path; }, "The configuration file");
  app.add_option("--set", sets, "Overrides one key, as --set http.port=8081")->type_name("KEY=VALUE");
  app.add_option_function<std::string>(
      "--data-dir", [&](const std::string& v) { options.overrides.emplace_back("data_dir", v); },
      "Where everything is stored");
}

void add_plugin_tools(CLI::App& plugin, Options& options) {
  PluginTool& tool = options.plugin_tool;
  auto* fresh =
      plugin.add_subcommand("new", "Makes a directory with a plugin that builds, tests and runs as it is");
  fresh->add_option("name", tool.path, "Its id and directory: a-z, 0-9 and _")->required();
  fresh->add_flag("--c", tool.in_c, "In plain C instead of C++");
  fresh->add_flag("--ui", tool.with_ui, "With a browser side, an ES module that needs no build");
  fresh->callback([&] { options.command = Command::plugin_new; });
  auto* pack = plugin.add_subcommand("pack", "Packs a built plugin into one file for operators");
  pack->add_option("path", tool.path, "Its directory or its .so file");
  pack->add_option("-o,--output", tool.out, "The file to write");
  pack->callback([&] { options.command = Command::plugin_pack; });
  auto* dev =
      plugin.add_subcommand("dev", "Builds at every save and upgrades the plugin in the running forum");
  dev->add_option("directory", tool.path, "Its directory");
  dev->callback([&] { options.command = Command::plugin_dev; });
}

}  // namespace

Options parse(int argc, char** argv) {
  Options options;
  std::vector<std::string> sets;

  // "stoa [--config F …] WORD …": a first word that is none of the host's belongs to a plugin.
  static const std::set<std::string> own = {"serve", "migrate", "plugin", "backup", "config", "routes"};
  int first = 1;
  while (first < argc && std::string(argv[first]).rfind("--", 0) == 0) {
    const std::string word = argv[first];
    if (word == "--help" || word == "--version") break;
    first += word.find('=') == std::string::npos ? 2 : 1;
  }
  const bool foreign = first < argc && argv[first][0] != '-' && !own.count(argv[first]);

  CLI::App app{"Stoa, a self-hosted real-time forum", "stoa"};
  app.set_version_flag("--version", std::string("stoa ") + STOA_VERSION);
  app.require_subcommand(foreign ? 0 : 1);
  app.fallthrough();
  add_common(app, options, sets);
  if (foreign) {
    // What follows the first word is the plugin's command, but for the options above.
    std::vector<std::string> head(argv + 1, argv + first);
    for (int i = first; i < argc; ++i) {
      const std::string word = argv[i];
      const std::string name = word.substr(0, word.find('='));
      if (name == "--config" || name == "--set" || name == "--data-dir") {
        head.push_back(word);
        if (word.find('=') == std::string::npos && i + 1 < argc) head.emplace_back(argv[++i]);
      } else {
        options.words.push_back(word);
      }
    }
    options.command = Command::plugin_command;
    std::reverse(head.begin(), head.end());
    try {
      app.parse(head);
    } catch (const CLI::ParseError& error) {
      options.command = Command::help;
      options.text = std::string("stoa: ") + error.what() + "\n";
      options.status = kUsage;
    }
  } else {
    auto* serve = app.add_subcommand("serve", "Runs the forum");
    serve->add_option_function<std::string>(
        "--host", [&](const std::string& v) { options.overrides.emplace_back("http.host", v); },
        "The address to listen on");
    serve->add_option_function<std::string>(
        "--port", [&](const std::string& v) { options.overrides.emplace_back("http.port", v); },
        "The port to listen on; 0 is a free one");
    serve->callback([&] { options.command = Command::serve; });
    app.add_subcommand("migrate", "Brings the database up to date and ends")->callback([&] {
      options.command = Command::migrate;
    });
    auto* plugin = app.add_subcommand("plugin", "Plugins");
    plugin->require_subcommand(1);
    plugin->add_subcommand("list", "What is there, and what is enabled")->callback([&] {
      options.command = Command::plugin_list;
    });
    add_plugin_tools(*plugin, options);
    for (const auto& [word, about] :
         {std::pair{"enable", "Switches a plugin on, in the running forum too"},
          std::pair{"disable", "Switches a plugin off; its data stays"},
          std::pair{"upgrade", "Takes the plugin's new file into the running forum"},
          std::pair{"reset", "Lets a plugin that crashed the forum try again"},
          std::pair{"retry", "Lets jobs that failed for good wait again, in the running forum"}}) {
      auto* change = plugin->add_subcommand(word, about);
      change
          ->add_option_function<std::string>("id",
                                             [&options, word](const std::string& id) {
                                               options.words = {word, id};
                                             })
          ->required();
      change->callback([&] { options.command = Command::plugin_change; });
    }
    auto* validate = plugin->add_subcommand("validate", "Judges a plugin file, without touching the forum");
    validate->add_option("file", options.path, "The plugin")->required();
    validate->add_flag("--json", options.as_json, "For machines");
    validate->add_option("--time-limit", options.time_limit_s, "Seconds for each step, 10 unless given")
        ->check(CLI::Range(1, 3'600));
    validate->callback([&] { options.command = Command::plugin_validate; });
    auto* backup = app.add_subcommand("backup", "Copies the database, also of a running forum");
    backup->add_option("path", options.path, "The new file")->required();
    backup->callback([&] { options.command = Command::backup; });
    auto* config = app.add_subcommand("config", "Configuration");
    config->require_subcommand(1);
    config->add_subcommand("check", "Says what is wrong with it")->callback([&] {
      options.command = Command::config_check;
    });
    auto* print = config->add_subcommand("print", "Shows every value");
    print->add_flag("--origin", options.with_origin, "And where it comes from");
    print->callback([&] { options.command = Command::config_print; });
    app.add_subcommand("routes", "Every route of the enabled plugins")->callback([&] {
      options.command = Command::routes;
    });
    app.footer("Plugins add commands of their own; \"stoa user --help\" lists them.");
    try {
      app.parse(argc, argv);
    } catch (const CLI::CallForVersion& version) {
      options.command = Command::version;
      options.text = std::string(version.what()) + "\n";
    } catch (const CLI::CallForHelp&) {
      options.command = Command::help;
      options.text = app.help();
      for (const auto* sub : app.get_subcommands()) options.text = sub->help();
    } catch (const CLI::ParseError& error) {
      options.command = Command::help;
      options.text = std::string("stoa: ") + error.what() + "\nRun with --help for what there is.\n";
      options.status = kUsage;
    }
  }
  for (const std::string& set : sets) {
    const auto equals = set.find('=');
    if (equals == std::string::npos) {
      options.command = Command::help;
      options.text = "stoa: --set takes KEY=VALUE, not \"" + set + "\"\n";
      options.status = kUsage;
      break;
    }
    options.overrides.emplace_back(set.substr(0, equals), set.substr(equals + 1));
  }
  return options;
}

}  // namespace stoa::core::cli
