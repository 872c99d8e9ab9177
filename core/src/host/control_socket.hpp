// The local door of a running server: <data_dir>/stoa.sock, for its owner only. One JSON line in, one out.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "host/command.hpp"
#include "stoa/result.hpp"

namespace stoa::core::host {

class ControlSocket {
 public:
  using Run = std::function<CommandResult(const std::vector<std::string>& words)>;

  // [lifecycle] Error: unavailable. `run` is called on the socket's own thread, one request at a time.
  Result<void> start(const std::filesystem::path& path, Run run);
  void stop();
  ~ControlSocket() { stop(); }

  // Asks the server behind that socket; nullopt when none answers there.
  static std::optional<CommandResult> ask(const std::filesystem::path& path,
                                          const std::vector<std::string>& words);

 private:
  void serve();
  std::filesystem::path path_;
  Run run_;
  int listener_ = -1;
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace stoa::core::host
