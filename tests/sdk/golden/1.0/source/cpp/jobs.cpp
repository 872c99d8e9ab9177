// A durable queue and timers.
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

#include "conform.hpp"

namespace conform {
namespace {

// The first attempt of each fails.
class Errands {
 public:
  stoa::Result<void> run(stoa::App& app, const stoa::Job& job, std::string_view payload) {
    // Again at the next start.
    if (job.stopping()) return stoa::Error{stoa::ErrorCode::unavailable, "It drains."};
    ++tried;
    const auto number = payload.find(':');
    const std::string time(number == std::string_view::npos ? "" : payload.substr(number + 1));
    if (app.now_ms() < std::strtoll(time.c_str(), nullptr, 10)) ++early;
    if (failed_ != payload) {
      failed_ = payload;
      return stoa::Error{stoa::ErrorCode::unavailable, "Not at the first attempt."};
    }
    failed_.clear();
    ++done;
    return {};
  }
  Count tried{0}, done{0}, early{0};

 private:
  std::string failed_;  // payload of the one that failed last; [jobs], one at a time
};

struct Timers {
  Count rung{0}, ticks{0}, begun{0}, told{0};
  std::mutex mutex;
  stoa::Timer repeating, waiting;
};

stoa::Response started(Timers& timers, stoa::Timer& where, const stoa::Result<stoa::Timer>& timer) {
  if (!timer) return timer.error();
  const std::lock_guard lock(timers.mutex);
  where = *timer;
  return stoa::json(202, "{}");
}

// Not one that is no more: the second time says so.
stoa::Response cancelled(stoa::App& app, Timers& timers, const stoa::Timer& which) {
  const std::lock_guard lock(timers.mutex);
  const auto& host = app.host();
  const bool was = which.id != 0 && host.jobs->cancel(host.ctx, which.id) == STOA_OK;
  app.cancel(which);
  return stoa::json(200, was ? R"({"cancelled":true})" : R"({"cancelled":false})");
}

void add_errands(stoa::App& app) {
  auto& errands = app.own<Errands>();
  app.queue(kQueue, {3, 1},
            [&](const stoa::Job& job, std::string_view payload) { return errands.run(app, job, payload); });
  app.post("/api/v1/x/conform/errands", stoa::Auth::none,
           [&app](stoa::Request& request) -> stoa::Response {
             const std::int64_t delay = number(request, "delay");
             const std::int64_t not_before = delay ? app.now_ms() + delay : 0;
             auto done = app.storage().write([&](stoa::Tx& tx) {
               return tx.enqueue(kQueue, R"({"not_before":)" + std::to_string(not_before) + "}", not_before);
             });
             if (!done) return done.error();
             return stoa::json(202, "{}");
           },
           {});
  app.get("/api/v1/x/conform/errands", stoa::Auth::none, [&errands](stoa::Request&) {
    return counts({{"tried", errands.tried}, {"done", errands.done}, {"early", errands.early}});
  });
}

void add_timers(stoa::App& app) {
  auto& timers = app.own<Timers>();
  const auto once = [&app, &timers](stoa::Request&) -> stoa::Response {
    auto timer = app.after(1, [&timers](const stoa::Job&) { ++timers.rung; });
    if (!timer) return timer.error();
    return stoa::json(202, "{}");
  };
  const auto often = [&app, &timers](stoa::Request&) {
    return started(timers, timers.repeating, app.every(100, [&timers](const stoa::Job&) { ++timers.ticks; }));
  };
  // Until it is told to end.
  const auto until_told = [&timers](const stoa::Job& job) {
    ++timers.begun;
    while (!job.stopping()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ++timers.told;
  };
  app.post("/api/v1/x/conform/timers/once", stoa::Auth::none, once, {});
  app.post("/api/v1/x/conform/timers/often", stoa::Auth::none, often, {});
  app.del("/api/v1/x/conform/timers/often", stoa::Auth::none,
          [&app, &timers](stoa::Request&) { return cancelled(app, timers, timers.repeating); });
  app.post("/api/v1/x/conform/timers/long", stoa::Auth::none,
           [&app, &timers, until_told](stoa::Request&) {
             return started(timers, timers.waiting, app.after(0, until_told));
           },
           {});
  app.del("/api/v1/x/conform/timers/long", stoa::Auth::none,
          [&app, &timers](stoa::Request&) { return cancelled(app, timers, timers.waiting); });
  app.get("/api/v1/x/conform/timers", stoa::Auth::none, [&timers](stoa::Request&) {
    return counts(
        {{"rung", timers.rung}, {"ticks", timers.ticks}, {"begun", timers.begun}, {"told", timers.told}});
  });
}

}  // namespace

void add_jobs(stoa::App& app) {
  add_errands(app);
  add_timers(app);
}

}  // namespace conform
