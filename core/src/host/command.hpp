// Commands of plugins: "user create --nickname N …", run in the server or in the command's own process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/snapshot.hpp"

namespace stoa::core::host {

struct CommandResult {
  int status = 0;  // exit code: 0, 64 wrong use, 69 not available, 70 failed
  std::string out, err;
};

// [worker] `words`: command name and options as given on the command line.
CommandResult run_command(const plugins::Snapshot& snapshot, const std::vector<std::string>& words);

// Every route, one line each: "GET /api/v1/posts".
std::string route_lines(const plugins::Snapshot& snapshot);

// What can be asked, one line each; only commands whose names begin with `first`, unless that is empty.
std::string command_help(const plugins::Snapshot& snapshot, std::string_view first = {});

}  // namespace stoa::core::host
