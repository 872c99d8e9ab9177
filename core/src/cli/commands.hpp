// One function for each command; each returns the exit code and prints for people.
#pragma once

#include "cli/options.hpp"
#include "config/config.hpp"

namespace stoa::core::cli {

int serve(const config::Config& config);
int migrate(const config::Config& config);
int plugin_list(const config::Config& config);
int backup(const config::Config& config, const std::string& path);
int config_check(const config::Config& config);
int routes(const config::Config& config);
int plugin_command(const config::Config& config, const std::vector<std::string>& words);

}  // namespace stoa::core::cli
