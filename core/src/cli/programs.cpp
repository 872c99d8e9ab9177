#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "cli/plugin_tools.hpp"
#include "plugins/manifest.hpp"

namespace stoa::core::cli {

std::string plugin_of(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "plugin.json";
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) {
    std::fprintf(stderr, "stoa: there is no %s\n", path.c_str());
    return {};
  }
  const auto manifest = plugins::parse_manifest(text.str());
  if (!manifest) {
    std::fprintf(stderr, "stoa: %s: %s\n", path.c_str(), manifest.error().message.c_str());
    return {};
  }
  return manifest->id;
}

int run_program(const std::vector<std::string>& words, const std::filesystem::path& directory,
                const std::filesystem::path& out) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return 127;
  if (child == 0) {
    if (!directory.empty() && ::chdir(directory.c_str()) != 0) ::_exit(127);
    if (!out.empty()) {
      const int file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
      if (file < 0 || ::dup2(file, STDOUT_FILENO) < 0) ::_exit(127);
    }
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace stoa::core::cli
