// What one generation of a plugin wants done in the background. Kept by the generation, worked off by the
// engine.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "stoa/result.hpp"

namespace stoa::core::jobs {

// Of a timer, or of one run of a queue. Never used again.
using JobId = std::uint64_t;

struct Queue {
  int attempts = 1;
  std::chrono::milliseconds backoff{1'000};  // after the first failure; doubled at each further one
  // [jobs] May throw.
  std::function<Result<void>(JobId job, std::string_view payload)> run;
};

class Agenda {
 public:
  Agenda() = default;
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;

  // [create] False: there is one of that name.
  bool add_queue(std::string name, Queue queue) {
    return queues_.emplace(std::move(name), std::move(queue)).second;
  }
  std::size_t queues() const { return queues_.size(); }
  bool has_queue(std::string_view name) const { return queues_.find(name) != queues_.end(); }

 private:
  friend class Engine;
  using Clock = std::chrono::steady_clock;

  struct Timer {
    std::shared_ptr<const std::function<void(JobId)>> run;
    std::chrono::milliseconds time{};  // until it is due, and again if it repeats
    bool repeats = false;
    Clock::time_point due{};
    bool taken = false;  // handed to a thread
    bool cancelled = false;
  };

  // Written in create only.
  std::map<std::string, Queue, std::less<>> queues_;
  // All below: under the engine's lock.
  enum class State : std::uint8_t { new_, attached, detached };
  State state_ = State::new_;
  std::string owner_;
  std::map<JobId, Timer> timers_;
  std::map<JobId, bool> running_;     // runs now; true: should end
  std::shared_ptr<void> kept_alive_;  // what the functions use
  bool letting_go_ = false;           // of that, on the thread of the last run
};

using AgendaPtr = std::shared_ptr<Agenda>;

}  // namespace stoa::core::jobs
