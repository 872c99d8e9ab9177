// Commands of plugins: "user create --nickname N …", run in the server or in the command's own process.
#pragma once

#include <string>
#include <vector>

#include "plugins/snapshot.hpp"

namespace stoa::core::host {

struct CommandResult {
  int status = 0;  // exit code: 0, 64 wrong use, 69 not available, 70 failed
  std::string out, err;
};

// [worker] `words`: command name and options as given on the command line.
CommandResult run_command(const plugins::Snapshot& snapshot, const std::vector<std::string>& words);

// What can be asked, one line each.
std::string command_help(const plugins::Snapshot& snapshot);

}  // namespace stoa::core::host
