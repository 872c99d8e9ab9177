#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <system_error>

#include "cli/plugin_tools.hpp"
#include "cli/watched.hpp"
#include "host/control_socket.hpp"
#include "host/host.hpp"
#include "plugins/elf.hpp"

namespace stoa::core::cli {

namespace fs = std::filesystem;

namespace {

constexpr int kQuietMs = 200;  // a save is often several writes

void say(const std::string& text) {
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

// What a forum answered, which ends its lines itself.
void say_line(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

// SIGINT and SIGTERM as something to wait for.
class Interrupts {
 public:
  Interrupts() {
    sigset_t signals;
    sigemptyset(&signals);
    for (int signal : {SIGINT, SIGTERM}) sigaddset(&signals, signal);
    sigprocmask(SIG_BLOCK, &signals, &before_);
    descriptor_ = ::signalfd(-1, &signals, SFD_CLOEXEC);
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts() { ::close(descriptor_); }
  int descriptor() const { return descriptor_; }
  const sigset_t& before() const { return before_; }

 private:
  sigset_t before_{};
  int descriptor_ = -1;
};

class Loop {
 public:
  Loop(const config::Config& config, fs::path directory, std::string id)
      : settings_(config.settings()),
        directory_(std::move(directory)),
        id_(std::move(id)),
        watched_(directory_) {}

  int run() {
    if (watched_.descriptor() < 0) {
      std::fprintf(stderr, "stoa: %s cannot be watched\n", directory_.c_str());
      return static_cast<int>(host::Exit::software);
    }
    for (;;) {
      const std::optional<bool> built = build();
      if (!built) break;
      if (*built) install();
      say("Waiting for a save in " + directory_.string() + ". Ctrl+C ends this.");
      if (!wait_for_save()) break;
    }
    say("Ended. The forum goes on.");
    return 0;
  }

 private:
  // nullopt: interrupted.
  std::optional<bool> build() {
    const fs::path folder = directory_ / "build";
    if (!fs::exists(folder / "CMakeCache.txt")) {
      const auto configured = program({"cmake", "-S", directory_.string(), "-B", folder.string()});
      if (!configured || !*configured) return configured;
    }
    return program({"cmake", "--build", folder.string(), "--target", id_});
  }

  // The compiler speaks for itself.
  std::optional<bool> program(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
      ::setpgid(0, 0);
      sigprocmask(SIG_SETMASK, &interrupts_.before(), nullptr);
      ::execvp(arguments[0], arguments.data());
      std::fprintf(stderr, "stoa: there is no %s\n", arguments[0]);
      ::_exit(127);
    }
    if (child < 0) return false;
    for (;;) {
      int status = 0;
      if (::waitpid(child, &status, WNOHANG) == child) return WIFEXITED(status) && WEXITSTATUS(status) == 0;
      pollfd interrupted{interrupts_.descriptor(), POLLIN, 0};
      if (::poll(&interrupted, 1, 50) > 0) {
        ::kill(-child, SIGTERM);
        ::waitpid(child, &status, 0);
        return std::nullopt;
      }
    }
  }

  // False: interrupted.
  bool wait_for_save() {
    bool changed = false;
    for (;;) {
      pollfd ready[2] = {{interrupts_.descriptor(), POLLIN, 0}, {watched_.descriptor(), POLLIN, 0}};
      const int count = ::poll(ready, 2, changed ? kQuietMs : -1);
      if (ready[0].revents) return false;
      if (count == 0 && changed) return true;
      if (ready[1].revents) changed = watched_.take() || changed;
    }
  }

  void install() {
    const fs::path built = directory_ / "build" / (id_ + ".so");
    if (const auto binary = plugins::inspect(built); !binary)
      return say(built.string() + " " + binary.error().message);
    const fs::path plugins =
        settings_.plugins.dir.empty() ? host::Layout::of_this_program().plugins : settings_.plugins.dir;
    const fs::path fresh = plugins / (id_ + ".so.new");
    std::error_code code;
    fs::copy_file(built, fresh, fs::copy_options::overwrite_existing, code);
    if (!code) fs::rename(fresh, plugins / (id_ + ".so"), code);
    if (code) return say(plugins.string() + ": " + code.message());
    apply();
  }

  void apply() {
    const auto upgraded = ask("upgrade");
    if (!upgraded) return say("Installed. No forum runs at " + settings_.data_dir.string() + ".");
    if (upgraded->status == 0) return say_line(upgraded->out);
    // Not active yet, or not to be upgraded? Once it is surely enabled, the same file has nothing left to
    // refuse.
    const auto enabled = ask("enable");
    if (enabled && enabled->status == 0) {
      const auto again = ask("upgrade");
      if (again && again->status == 0) return say_line(enabled->out);
    }
    std::fputs(upgraded->err.c_str(), stderr);  // the old one goes on
    if (enabled) std::fputs(enabled->err.c_str(), stderr);
  }

  std::optional<host::CommandResult> ask(const std::string& verb) const {
    return host::ControlSocket::ask(settings_.data_dir / "stoa.sock", {"plugin", verb, id_});
  }

  const config::Settings& settings_;
  const fs::path directory_;
  const std::string id_;
  Watched watched_;
  Interrupts interrupts_;
};

}  // namespace

int plugin_dev(const config::Config& config, const PluginTool& tool) {
  std::error_code code;
  const fs::path directory = fs::canonical(tool.path, code);
  const std::string id = plugin_of(code ? fs::path(tool.path) : directory);
  if (id.empty()) return static_cast<int>(host::Exit::usage);
  return Loop(config, directory, id).run();
}

}  // namespace stoa::core::cli
