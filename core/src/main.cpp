#include <cstdio>
#include <exception>
#include <utility>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/plugin_tools.hpp"
#include "cli/plugin_validate.hpp"
#include "config/config.hpp"
#include "log/log.hpp"

namespace {

int run(int argc, char** argv) {
  using namespace stoa::core;
  const cli::Options options = cli::parse(argc, argv);
  if (options.command == cli::Command::help || options.command == cli::Command::version) {
    std::fputs(options.text.c_str(), options.status == 0 ? stdout : stderr);
    return options.status;
  }
  if (options.command == cli::Command::plugin_new) return cli::plugin_new(options.plugin_tool);
  if (options.command == cli::Command::plugin_pack) return cli::plugin_pack(options.plugin_tool);
  if (options.command == cli::Command::plugin_validate) return cli::plugin_validate(options);
  config::Sources sources = config::Config::process_sources();
  if (options.config_file) sources.file = *options.config_file;
  sources.overrides.insert(sources.overrides.end(), options.overrides.begin(), options.overrides.end());
  auto [loaded, mistakes] = config::Config::load(sources);
  for (const config::Mistake& mistake : mistakes)
    std::fprintf(stderr, "stoa: %s\n", mistake.to_string().c_str());
  if (!loaded || !mistakes.empty()) return 78;
  const cli::ConfigPtr config = std::move(loaded);
  log::start(config->settings().log.level);

  switch (options.command) {
    case cli::Command::serve: return cli::serve(config, sources);
    case cli::Command::migrate: return cli::migrate(config);
    case cli::Command::plugin_list: return cli::plugin_list(*config);
    case cli::Command::plugin_change: return cli::plugin_change(config, options.words[0], options.words[1]);
    case cli::Command::plugin_dev: return cli::plugin_dev(*config, options.plugin_tool);
    case cli::Command::backup: return cli::backup(config, options.path);
    case cli::Command::config_check: return cli::config_check(*config);
    case cli::Command::config_print: std::fputs(config->print(options.with_origin).c_str(), stdout); return 0;
    case cli::Command::routes: return cli::routes(config);
    case cli::Command::plugin_command: return cli::plugin_command(config, options.words);
    case cli::Command::plugin_validate:
    case cli::Command::plugin_new:
    case cli::Command::plugin_pack:
    case cli::Command::help:
    case cli::Command::version: return 0;
  }
  return 70;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "stoa: %s\n", e.what());
    return 70;
  }
}
