// One function for each command; each returns the exit code and prints for people.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "config/config.hpp"

namespace stoa::core::cli {

using ConfigPtr = std::shared_ptr<const config::Config>;

int serve(const ConfigPtr& config, const config::Sources& sources);
int migrate(const ConfigPtr& config);
int plugin_list(const config::Config& config);
// `action`: enable, disable, upgrade, reset or retry.
int plugin_change(const ConfigPtr& config, const std::string& action, const std::string& id);
int backup(const ConfigPtr& config, const std::string& path);
int config_check(const config::Config& config);
int routes(const ConfigPtr& config);
int plugin_command(const ConfigPtr& config, const std::vector<std::string>& words);

}  // namespace stoa::core::cli
