#include "validate/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <set>
#include <stdexcept>

namespace stoa::core::validate {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostFaults = 20;

[[noreturn]] void run(const std::function<void(Teller&)>& work, int fd) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int standard : {0, 1, 2}) ::dup2(nowhere, standard);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  // A sanitizer's handler would turn the signal into an exit.
  for (int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) ::signal(number, SIG_DFL);
  Teller teller(fd);
  try {
    work(teller);
  } catch (const std::runtime_error& e) {
    teller.fault(e.what());  // what a check cannot go on after
  } catch (const std::exception& e) {
    teller.fault(std::string("the check itself failed: ") + e.what());
  } catch (...) {
    teller.fault("the check itself failed");
  }
  ::_exit(0);
}

std::string how(int status, const std::string& step) {
  const std::string where = step.empty() ? "" : " in " + step;
  if (WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return "crashed with SIG" + std::string(name ? name : "?") + where;
  }
  return "ended the process with exit code " + std::to_string(WEXITSTATUS(status)) + where;
}

// Reads what the child tells.
class Listener {
 public:
  // False: the child has closed its end.
  bool read(int fd) {
    char bytes[4096];
    const ssize_t count = ::read(fd, bytes, sizeof bytes);
    if (count <= 0) return false;
    text_.append(bytes, static_cast<std::size_t>(count));
    for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      const std::string line = text_.substr(0, end);
      text_.erase(0, end + 1);
      if (line.empty()) continue;
      const std::string said = line.substr(1);
      if (line[0] == 's') step = said;
      if (line[0] == 'f' && seen_.insert(said).second && result.faults.size() < kMostFaults)
        result.faults.push_back(said);
      if (line[0] == 'n') result.notes.push_back(said);
    }
    return true;
  }

  ChildResult result;
  std::string step;

 private:
  std::string text_;
  std::set<std::string> seen_;
};

}  // namespace

void Teller::tell(char kind, std::string_view text) {
  std::string line(1, kind);
  line += text.substr(0, 1'000);
  std::replace(line.begin(), line.end(), '\n', ' ');
  line += '\n';
  (void)!::write(fd_, line.data(), line.size());
}
void Teller::step(std::string_view name) {
  std::lock_guard lock(mutex_);
  step_ = name;
  tell('s', step_ + circumstances_);
}
void Teller::under(std::string circumstances) {
  std::lock_guard lock(mutex_);
  circumstances_ = std::move(circumstances);
  if (!step_.empty()) tell('s', step_ + circumstances_);
}
void Teller::fault(std::string_view sentence) {
  std::lock_guard lock(mutex_);
  tell('f', std::string(sentence) + circumstances_);
}
void Teller::note(std::string_view sentence) {
  tell('n', sentence);
}

ChildResult in_child(const std::function<void(Teller&)>& work, std::chrono::milliseconds step_limit,
                     std::chrono::milliseconds limit) {
  Listener listener;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    listener.result.faults.push_back(std::string("no pipe: ") + std::strerror(errno));
    return listener.result;
  }
  const auto begin = Clock::now();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    run(work, ends[1]);
  }
  ::close(ends[1]);
  bool hangs = false;
  auto step_began = begin;
  for (;;) {
    const auto due = std::min(begin + limit, step_began + step_limit);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now()).count();
    pollfd waiting{ends[0], POLLIN, 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) == 0) {
      hangs = true;
      break;
    }
    const std::string before = listener.step;
    if (!listener.read(ends[0])) break;
    if (listener.step != before) step_began = Clock::now();
  }
  if (hangs) ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  ::close(ends[0]);
  ChildResult result = std::move(listener.result);
  result.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  if (hangs) {
    result.faults.push_back("hangs" + (listener.step.empty() ? "" : " in " + listener.step) +
                            ": no end within " + std::to_string(std::min(limit, step_limit).count()) + " ms");
  } else if (status != 0) {
    result.faults.push_back(how(status, listener.step));
  }
  return result;
}

}  // namespace stoa::core::validate
