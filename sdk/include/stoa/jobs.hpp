// Work in the background: timers, and durable queues. Include stoa.hpp instead.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "stoa/host.hpp"

namespace stoa {

// One run in the background. [jobs] Valid during it.
class Job {
 public:
  Job(const detail::Host& host, stoa_job id) : host_(host), id_(id) {}
  // It should come to its end: it was cancelled, or the plugin drains.
  bool stopping() const { return host_.jobs->stopping(host_.ctx, id_) != 0; }

 private:
  const detail::Host& host_;
  stoa_job id_;
};

// Names a timer; for App::cancel.
struct Timer {
  stoa_job id = 0;
};

struct QueueOptions {
  std::uint32_t attempts = 5;        // 1 … 20 in all; then the entry is parked
  std::uint32_t backoff_ms = 1'000;  // after the first failure; doubled at each further one
};

namespace detail {

struct QueueCall {
  const Host* host;
  std::function<Result<void>(const Job&, std::string_view payload)> run;
  static stoa_status run_entry(void* self, stoa_job id, stoa_str payload) noexcept {
    auto& call = *static_cast<QueueCall*>(self);
    return contained(*call.host, "queue", [&] { return call.run(Job(*call.host, id), view(payload)); });
  }
};

// The functions of an App's timers, found by the number of the run.
class TimerCalls {
 public:
  using Function = std::function<void(const Job&)>;

  // `start` is handed `self` and `run` and gives the status of the host.
  template <class F>
  Result<Timer> add(const Host& host, bool once, Function function, F&& start) {
    const std::lock_guard lock(mutex_);  // a run that comes at once waits for its function
    host_ = &host;
    stoa_job id = 0;
    const stoa_status status = start(static_cast<void*>(this), &TimerCalls::run, &id);
    if (status != STOA_OK) return host.error(status);
    calls_[id] = Call{once, std::make_shared<Function>(std::move(function))};
    return Timer{id};
  }
  void forget(stoa_job id) {
    const std::lock_guard lock(mutex_);
    calls_.erase(id);
  }

 private:
  struct Call {
    bool once = false;
    std::shared_ptr<Function> function;
  };
  static void run(void* self, stoa_job id) noexcept {
    auto& calls = *static_cast<TimerCalls*>(self);
    const std::shared_ptr<Function> function = calls.take(id);
    if (!function) return;  // cancelled a moment ago
    (void)contained(*calls.host_, "timer", [&]() -> Result<void> {
      (*function)(Job(*calls.host_, id));
      return {};
    });
  }
  std::shared_ptr<Function> take(stoa_job id) {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(id);
    if (found == calls_.end()) return nullptr;
    std::shared_ptr<Function> function = found->second.function;
    if (found->second.once) calls_.erase(found);
    return function;
  }

  std::mutex mutex_;
  std::map<stoa_job, Call> calls_;
  const Host* host_ = nullptr;
};

template <class App>
class Jobs {
 public:
  // [create] `run` is called [jobs] for one entry at a time; an error is a failed attempt. What it does may
  // happen again after a crash. Entries are written by Tx::enqueue.
  void queue(std::string_view name, QueueOptions options,
             std::function<Result<void>(const Job&, std::string_view payload)> run) {
    auto& app = static_cast<App&>(*this);
    const Host& host = app.host();
    stoa_queue c{};
    c.size = sizeof c;
    c.attempts = options.attempts;
    c.name = str(name);
    c.backoff_ms = options.backoff_ms;
    c.run = &QueueCall::run_entry;
    c.self = &app.template own<QueueCall>(QueueCall{&host, std::move(run)});
    host.require(host.jobs->queue(host.ctx, &c));
  }
  // [any-thread, from start on] Once, so many milliseconds from now. Error: overloaded, at 1,000 timers.
  Result<Timer> after(std::uint32_t delay_ms, std::function<void(const Job&)> run) {
    const Host& host = static_cast<App&>(*this).host();
    return timers_.add(host, true, std::move(run),
                       [&](auto... call) { return host.jobs->after(host.ctx, delay_ms, call...); });
  }
  // [any-thread, from start on] Again and again, never twice at once; 100 … 86,400,000 ms.
  Result<Timer> every(std::uint32_t period_ms, std::function<void(const Job&)> run) {
    const Host& host = static_cast<App&>(*this).host();
    return timers_.add(host, false, std::move(run),
                       [&](auto... call) { return host.jobs->every(host.ctx, period_ms, call...); });
  }
  // [any-thread] It will not be called again; one that runs now sees stopping.
  void cancel(Timer timer) {
    const Host& host = static_cast<App&>(*this).host();
    (void)host.jobs->cancel(host.ctx, timer.id);
    timers_.forget(timer.id);
  }

 private:
  TimerCalls timers_;
};

}  // namespace detail

}  // namespace stoa
