#include "crash/supervisor.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>

namespace stoa::core::crash {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSoftware = 70;
constexpr std::size_t kMostRestarts = 5;
constexpr std::chrono::seconds kPeriod{60};

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&signals, signal);
  return signals;
}

// Waits for the end of the child; signals meant for the forum go to it.
int await(pid_t child, const sigset_t& signals, bool& asked_to_stop) {
  for (;;) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) return status;
    int signal = 0;
    if (::sigwait(&signals, &signal) != 0 || signal == SIGCHLD) continue;
    if (signal != SIGHUP) asked_to_stop = true;
    ::kill(child, signal);
  }
}

}  // namespace

Supervised supervise(const std::function<int()>& serve) {
  const sigset_t signals = watched_signals();
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &signals, &before);
  std::deque<Clock::time_point> restarts;
  for (;;) {
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) {
      std::fprintf(stderr, "stoa: cannot start the server: %s\n", std::strerror(errno));
      return {kSoftware, false};
    }
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(kSoftware);
      ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
      return {serve(), true};
    }
    bool asked_to_stop = false;
    const int status = await(child, signals, asked_to_stop);
    if (WIFEXITED(status)) return {WEXITSTATUS(status), false};
    const int signal = WTERMSIG(status);
    if (asked_to_stop) return {128 + signal, false};
    const auto now = Clock::now();
    while (!restarts.empty() && now - restarts.front() > kPeriod) restarts.pop_front();
    if (restarts.size() >= kMostRestarts) {
      std::fprintf(stderr, "stoa: the server crashed %zu times within a minute; giving up\n",
                   kMostRestarts + 1);
      return {kSoftware, false};
    }
    restarts.push_back(now);
    std::fprintf(stderr, "stoa: the server crashed (%s); starting it again\n", ::strsignal(signal));
  }
}

}  // namespace stoa::core::crash
