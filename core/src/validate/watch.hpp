// Everything the plugin under test asks of the host goes through here: broken promises are told, calls can be
// made to fail.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "plugins/generation.hpp"
#include "stoa/stoa.h"
#include "validate/child.hpp"

namespace stoa::core::validate {

// A timer that the plugin has set, and nobody runs but the check.
struct Timer {
  stoa_job job;
  void (*run)(void* self, stoa_job job);
  void* self;
};

// A queue it works off.
struct Queue {
  std::uint32_t attempts;
  stoa_status (*run)(void* self, stoa_job job, stoa_str payload);
  void* self;
};

// A run of a timer or an entry, on this thread, as long as it lives.
class Run {
 public:
  explicit Run(stoa_job job);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run();
  // Whether it should end: after a moment it should. nullopt: this thread is not in a run of that job.
  static std::optional<bool> stopping(stoa_job job);
};

// One in a process, for as long as it lives: the functions of a C table have nowhere to keep whom they belong
// to, and a bad plugin calls them when nobody expects it any more.
class Watch {
 public:
  static Watch& start(Teller& teller);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // The host as the plugin sees it: the real tables, watched.
  const stoa_host* host();

  // The table `id` is given as one of an older host, of `size` bytes (0: there is none).
  void truncate(std::string id, std::uint32_t size);
  void restore();
  // The n-th call that can fail does, for the first generation to come. 0: none.
  void fail_at(std::uint64_t n);
  // Calls that could have failed so far.
  std::uint64_t failable() const { return failable_; }
  bool failed_one() const { return injected_; }

  // While it lives, calls of that generation are allowed.
  void begin(const plugins::Generation& generation);
  void end(const plugins::Generation& generation);

  // Handles that may be used now; a transaction on this thread only.
  void open(const void* handle, bool this_thread_only);
  void close(const void* handle);

  // The timers that are set, in the order of their numbers; taken away.
  std::vector<Timer> take_timers();
  // By name.
  std::map<std::string, Queue> queues();

  // The last line the plugin logged as an error, with its keys; taken away.
  std::string take_logged();
  Teller& teller() { return teller_; }

  // ---- For the watched functions
  static Watch* active();
  // False: the handle is not valid (told).
  bool valid(const char* call, const void* handle);
  bool valid(const char* call, const stoa_ctx* ctx);
  // True: this call is to fail.
  bool fails(const char* call);
  void returned(const char* call, stoa_status status);
  void text(const char* call, stoa_str text);
  void fault(const std::string& sentence);
  void logged(std::string line);
  void add_timer(const Timer& timer);
  void drop_timer(stoa_job job);
  void add_queue(std::string name, const Queue& queue);
  const void* table(std::string_view id, const void* whole, std::uint32_t min_size);

 private:
  explicit Watch(Teller& teller);

  Teller& teller_;
  stoa_host host_{};
  std::mutex mutex_;
  std::set<const stoa_ctx*> generations_;
  std::map<const void*, std::thread::id> handles_;
  std::map<std::string, std::uint32_t, std::less<>> sizes_;
  std::map<std::string, std::string, std::less<>> truncated_;  // bytes of tables
  std::atomic<std::uint64_t> failable_{0};
  std::atomic<std::uint64_t> fail_at_{0};
  std::atomic<bool> injected_{false};
  std::string logged_;
  std::map<stoa_job, Timer> timers_;
  std::map<std::string, Queue> queues_;
};

// The watched copy of the table of that id; null: the host has none. `size`: of the real one.
const void* watched_table(std::string_view id, std::uint32_t& size);

// Makes the transactions known that the generation's subscribers get.
void watch_subscribers(plugins::Generation& generation);

}  // namespace stoa::core::validate
