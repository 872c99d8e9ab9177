// A small process that starts the server again when it crashes.
#pragma once

#include <functional>

namespace stoa::core::crash {

// Runs `serve` in a child process, before this process has started any thread. Passes SIGTERM, SIGINT and
// SIGHUP on, and dies with nothing left behind: the child is killed when this process is. Returns the exit
// code of a child that ended by itself; a crashed one is started again, at most five times a minute, then 70.
// In the child, `serve` is called and its result is returned with `is_child` set.
struct Supervised {
  int exit_code = 0;
  bool is_child = false;
};
Supervised supervise(const std::function<int()>& serve);

}  // namespace stoa::core::crash
