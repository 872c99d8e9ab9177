// The runs, each on a thread of the pool.
#include <cxxabi.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "crash/breadcrumb.hpp"
#include "jobs/engine.hpp"
#include "log/log.hpp"

namespace stoa::core::jobs {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr std::chrono::hours kMostBackoff{1};

thread_local JobId running_here = 0;

// Calls what belongs to a plugin; what it throws becomes an error.
Result<void> contained(const std::function<Result<void>()>& call) {
  try {
    return call();
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (const std::exception& e) {
    return Error{ErrorCode::internal, std::string("threw an exception: ") + e.what()};
  } catch (...) {
    return Error{ErrorCode::internal, "threw an exception"};
  }
}

std::string words(const Error& error) {
  return error.message.empty() ? "it gave no reason" : error.message;
}

}  // namespace

// A run of an attached agenda, from its beginning to its end.
class Engine::Run {
 public:
  // Without an agenda, if it may not begin.
  Run(Engine& engine, AgendaPtr agenda, JobId job) : engine_(engine), job_(job) {
    const std::lock_guard lock(engine.mutex_);
    begin(std::move(agenda));
  }
  // As the next run of a queue of that owner.
  Run(Engine& engine, const std::string& owner) : engine_(engine) {
    const std::lock_guard lock(engine.mutex_);
    const auto entry = engine.owners_.find(owner);
    if (entry == engine.owners_.end()) return;
    job_ = engine.next_id_++;
    begin(entry->second.agenda);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    if (!agenda_) return;
    running_here = 0;
    std::shared_ptr<void> last;  // let go of without the lock
    {
      const std::lock_guard lock(engine_.mutex_);
      agenda_->running_.erase(job_);
      if (agenda_->running_.empty() && agenda_->state_ == Agenda::State::detached)
        last = std::move(agenda_->kept_alive_);
      if (last) agenda_->letting_go_ = true;
    }
    if (last) {
      last.reset();
      const std::lock_guard lock(engine_.mutex_);
      agenda_->letting_go_ = false;
    }
    engine_.ended_.notify_all();
  }

  explicit operator bool() const { return agenda_ != nullptr; }
  Agenda& agenda() const { return *agenda_; }
  JobId job() const { return job_; }
  bool is_stopping() const {
    const std::lock_guard lock(engine_.mutex_);
    return agenda_->running_.at(job_);
  }

 private:
  void begin(AgendaPtr agenda) {
    if (!agenda || agenda->state_ != Agenda::State::attached || engine_.stopping_) return;
    agenda_ = std::move(agenda);
    agenda_->running_.emplace(job_, false);
    running_here = job_;
  }

  Engine& engine_;
  JobId job_ = 0;
  AgendaPtr agenda_;
};

std::optional<bool> Engine::stopping(const Agenda& agenda, JobId job) const {
  if (job == 0 || running_here != job) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto run = agenda.running_.find(job);
  if (run == agenda.running_.end()) return std::nullopt;
  return run->second;
}

void Engine::run_timer(const AgendaPtr& agenda, JobId job) {
  std::shared_ptr<const std::function<void(JobId)>> function;
  {
    const std::lock_guard lock(mutex_);
    const auto timer = agenda->timers_.find(job);
    if (timer != agenda->timers_.end() && !timer->second.cancelled) function = timer->second.run;
  }
  if (function) {
    if (const Run run(*this, agenda, job); run) {
      const crash::Breadcrumb here(agenda->owner_.c_str(), "a timer");
      const auto done = contained([&]() -> Result<void> {
        (*function)(job);
        return {};
      });
      if (!done) {
        log::error("A timer failed.", {{"plugin", agenda->owner_}, {"why", words(done.error())}});
        if (options_.failed) options_.failed(agenda->owner_);
      }
      const std::lock_guard lock(mutex_);
      const auto timer = agenda->timers_.find(job);
      if (timer != agenda->timers_.end() && !timer->second.repeats) agenda->timers_.erase(timer);
    }
  }
  finish_timer(*agenda, job);
}

// Where it may be due again.
void Engine::finish_timer(Agenda& agenda, JobId job) {
  {
    const std::lock_guard lock(mutex_);
    const auto timer = agenda.timers_.find(job);
    if (timer == agenda.timers_.end()) return;
    timer->second.taken = false;
    if (timer->second.cancelled || agenda.state_ == Agenda::State::detached) agenda.timers_.erase(timer);
  }
  changed_.notify_all();
}

void Engine::run_queue(const std::string& owner, const std::string& queue) {
  std::int64_t next = 0;
  if (Run run(*this, owner); run) {
    if (run.agenda().has_queue(queue)) next = run_entry(run, queue).value_or(kNever);
  }
  give_back(owner, queue, next);
}

// When to look again; nothing: when something is enqueued.
std::optional<std::int64_t> Engine::run_entry(Run& run, const std::string& name) {
  const std::string owner = run.agenda().owner_;
  const Queue& queue = run.agenda().queues_.find(name)->second;
  const auto failed = [&](const Error& error) {
    log::warning("The jobs of a queue cannot be worked off now.",
                 {{"plugin", owner}, {"queue", name}, {"why", error.message}});
    return now_ms() + options_.again.count();
  };
  const auto found = table_.next(owner, name, now_ms());
  if (!found) return failed(found.error());
  if (!found->entry) return found->at;
  const crash::Breadcrumb here(owner.c_str(), name.c_str());
  const auto outcome = contained([&] { return queue.run(run.job(), found->entry->payload); });
  // Told to end before it was done: no fault of the entry.
  if (!outcome && run.is_stopping()) return 0;
  if (auto settled = settle(owner, name, queue, *found->entry, outcome); !settled)
    return failed(settled.error());
  return 0;
}

Result<void> Engine::settle(const std::string& owner, const std::string& name, const Queue& queue,
                            const storage::JobEntry& entry, const Result<void>& outcome) {
  if (outcome) {
    if (auto removed = table_.remove(entry.id); !removed) return removed;
    tally_->remove(owner);
    return {};
  }
  if (options_.failed) options_.failed(owner);
  const std::string why = words(outcome.error());
  const std::int64_t attempts = entry.attempts + 1;
  const std::string id = std::to_string(entry.id);
  if (attempts >= queue.attempts) {
    const auto removed = table_.park(owner, entry.id, attempts, now_ms(), why, options_.parked);
    if (!removed) return removed.error();
    tally_->park(owner, *removed);
    log::error("A job failed for the last time and was parked.",
               {{"plugin", owner}, {"queue", name}, {"job", id}, {"why", why}});
    return {};
  }
  const std::chrono::milliseconds most = kMostBackoff;
  const auto backoff = std::min(queue.backoff * (std::int64_t{1} << (attempts - 1)), most);
  log::warning("A job failed and will be tried again.",
               {{"plugin", owner}, {"queue", name}, {"job", id}, {"why", why}});
  return table_.postpone(entry.id, attempts, now_ms() + backoff.count(), why);
}

void Engine::give_back(const std::string& owner, const std::string& queue, std::int64_t next_ms) {
  {
    const std::lock_guard lock(mutex_);
    QueueState& state = owners_[owner].queues[queue];
    state.taken = false;
    state.next_ms = std::min(state.next_ms, next_ms);
  }
  changed_.notify_all();
}

}  // namespace stoa::core::jobs
