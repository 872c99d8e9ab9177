#include "crash/breadcrumb.hpp"

#include <fcntl.h>
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>

namespace stoa::core::crash {

namespace {

constexpr std::size_t kMostImages = 256;
constexpr std::size_t kStack = 64 * 1024;
constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// Volatile, or the compiler takes the stores for dead: nothing it can see reads them.
thread_local const char* volatile running_plugin = nullptr;
thread_local const char* volatile running_place = nullptr;

struct Image {
  char plugin[40];
  std::uintptr_t begin, end;
};
std::array<Image, kMostImages> images;
std::atomic<std::size_t> image_count{0};
std::mutex image_mutex;

char record_path[1024];
std::atomic<bool> installed{false};
std::atomic_flag crashing = ATOMIC_FLAG_INIT;

struct SignalStack {
  SignalStack() {
    stack_t stack{};
    stack.ss_sp = memory.get();
    stack.ss_size = kStack;
    ::sigaltstack(&stack, nullptr);
  }
  ~SignalStack() {
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
  }
  std::unique_ptr<char[]> memory = std::make_unique<char[]>(kStack);
};

std::uintptr_t instruction_of(const void* context) {
  [[maybe_unused]] const auto* user = static_cast<const ucontext_t*>(context);
#if defined(__x86_64__)
  return static_cast<std::uintptr_t>(user->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return user->uc_mcontext.pc;
#else
  return 0;
#endif
}

const char* owner_of(std::uintptr_t address) {
  const std::size_t count = image_count.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < count; ++i) {
    if (address >= images[i].begin && address < images[i].end) return images[i].plugin;
  }
  return nullptr;
}

// Only what POSIX allows in a handler: open, write, close.
void write_record(const char* plugin, const char* place, const char* what) {
  const int file = ::open(record_path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return;
  for (const char* part : {plugin, "\n", place, "\n", what, "\n"}) {
    if (::write(file, part, std::strlen(part)) < 0) break;
  }
  ::close(file);
}

const char* name_of(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    case SIGABRT: return "SIGABRT";
    default: return "signal";
  }
}

void on_crash(int signal, siginfo_t*, void* context) {
  if (!crashing.test_and_set()) {
    const char* plugin = owner_of(instruction_of(context));
    const char* place = running_place;
    if (running_plugin) plugin = running_plugin;
    write_record(plugin ? plugin : "", place ? place : "a thread of its own", name_of(signal));
  }
  struct sigaction otherwise {};
  otherwise.sa_handler = SIG_DFL;
  ::sigaction(signal, &otherwise, nullptr);
  ::raise(signal);  // delivered when this handler returns
}

}  // namespace

void install(const std::string& path) {
  const std::size_t length = std::min(path.size(), sizeof record_path - 1);
  std::memcpy(record_path, path.data(), length);
  record_path[length] = '\0';
  struct sigaction action {};
  action.sa_sigaction = &on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (const int signal : kSignals) ::sigaction(signal, &action, nullptr);
  installed = true;
}

void note_image(const std::string& plugin, const void* begin, const void* end) {
  std::lock_guard lock(image_mutex);
  const std::size_t index = image_count.load();
  if (index >= kMostImages) return;
  Image& image = images[index];
  std::strncpy(image.plugin, plugin.c_str(), sizeof image.plugin - 1);
  image.begin = reinterpret_cast<std::uintptr_t>(begin);
  image.end = reinterpret_cast<std::uintptr_t>(end);
  image_count.store(index + 1, std::memory_order_release);
}

Breadcrumb::Breadcrumb(const char* plugin, const char* place)
    : plugin_before_(running_plugin), place_before_(running_place) {
  if (installed.load(std::memory_order_relaxed)) {
    thread_local const SignalStack stack;
    (void)stack;
  }
  running_plugin = plugin;
  running_place = place;
}

Breadcrumb::~Breadcrumb() {
  running_plugin = plugin_before_;
  running_place = place_before_;
}

void record(const std::string& plugin, const std::string& place, const std::string& what) {
  if (installed) write_record(plugin.c_str(), place.c_str(), what.c_str());
}

}  // namespace stoa::core::crash
