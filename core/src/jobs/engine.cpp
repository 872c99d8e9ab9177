#include "jobs/engine.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "log/log.hpp"

namespace stoa::core::jobs {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
// The wall clock may be set: it is looked at again after so long.
constexpr std::chrono::seconds kLongestSleep{30};
constexpr std::size_t kWaitingRuns = 2'000;

}  // namespace

// An entry that was counted: taken back unless it is committed.
class Engine::Waiting {
 public:
  Waiting(std::shared_ptr<Tally> tally, std::string owner)
      : tally_(std::move(tally)), owner_(std::move(owner)) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (!kept_) tally_->remove(owner_);
  }
  const std::string& owner() const { return owner_; }
  void keep() { kept_ = true; }

 private:
  const std::shared_ptr<Tally> tally_;
  const std::string owner_;
  bool kept_ = false;
};

Engine::Engine(Options options, storage::Database& database)
    : options_(std::move(options)),
      table_(database),
      pool_({.threads = options_.runs ? options_.threads : 1,
             .per_owner = 1,
             .queue_per_owner = kWaitingRuns}) {
  if (auto counts = table_.counts()) {
    tally_->set(std::move(*counts));
  } else {
    log::error("The waiting jobs could not be counted.", {{"why", counts.error().message}});
  }
  if (options_.runs) clock_ = std::thread([this] { work(); });
}

Engine::~Engine() {
  stop(std::chrono::seconds(10));
}

std::int64_t Engine::now_ms() const {
  if (options_.now_ms) return options_.now_ms();
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Result<JobId> Engine::after(Agenda& agenda, std::chrono::milliseconds delay, std::function<void(JobId)> run) {
  return add_timer(agenda, delay, false, std::move(run));
}

Result<JobId> Engine::every(Agenda& agenda, std::chrono::milliseconds period,
                            std::function<void(JobId)> run) {
  return add_timer(agenda, period, true, std::move(run));
}

Result<JobId> Engine::add_timer(Agenda& agenda, std::chrono::milliseconds time, bool repeats,
                                std::function<void(JobId)> run) {
  const std::lock_guard lock(mutex_);
  if (agenda.state_ == Agenda::State::detached)
    return Error{ErrorCode::unavailable, "This feature is stopping."};
  if (agenda.timers_.size() >= options_.timers) return Error{ErrorCode::overloaded, "Too many timers."};
  const JobId id = next_id_++;
  agenda.timers_.emplace(id, Agenda::Timer{std::make_shared<const std::function<void(JobId)>>(std::move(run)),
                                           time, repeats, Clock::now() + time});
  changed_.notify_all();
  return id;
}

bool Engine::cancel(Agenda& agenda, JobId job) {
  const std::lock_guard lock(mutex_);
  const auto timer = agenda.timers_.find(job);
  if (timer == agenda.timers_.end() || timer->second.cancelled) return false;
  timer->second.cancelled = true;
  const auto run = agenda.running_.find(job);
  if (run != agenda.running_.end()) run->second = true;
  if (!timer->second.taken) agenda.timers_.erase(timer);
  return true;
}

Result<void> Engine::enqueue(const Agenda& agenda, std::string_view owner, storage::Transaction& transaction,
                             std::string_view queue, std::string_view payload, std::int64_t run_at_ms) {
  if (payload.size() > kMostPayload) return Error{ErrorCode::too_large, "The payload of a job is too large."};
  if (!agenda.has_queue(queue)) return Error{ErrorCode::not_found, "There is no such queue."};
  if (!tally_->add(owner, options_.waiting))
    return Error{ErrorCode::overloaded, "Too many jobs are waiting."};
  const auto waiting = std::make_shared<Waiting>(tally_, std::string(owner));
  // At once means now: entries of the past are taken in the order of their times.
  const std::int64_t run_at = run_at_ms > 0 ? run_at_ms : now_ms();
  if (auto written = transaction.enqueue(queue, payload, run_at); !written) return written;
  transaction.on_commit([this, waiting, queue = std::string(queue), run_at] {
    waiting->keep();
    note(waiting->owner(), queue, run_at);
  });
  return {};
}

void Engine::note(const std::string& owner, const std::string& queue, std::int64_t run_at_ms) {
  {
    const std::lock_guard lock(mutex_);
    const auto entry = owners_.find(owner);
    if (entry == owners_.end()) return;
    QueueState& state = entry->second.queues[queue];
    if (state.next_ms <= run_at_ms) return;
    state.next_ms = run_at_ms;
  }
  changed_.notify_all();
}

void Engine::attach(const AgendaPtr& agenda, std::string owner, std::shared_ptr<void> kept_alive) {
  if (options_.runs) warn_of_orphans(*agenda, owner);
  {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    agenda->state_ = Agenda::State::attached;
    agenda->owner_ = owner;
    agenda->kept_alive_ = std::move(kept_alive);
    for (auto& [id, timer] : agenda->timers_) timer.due = now + timer.time;
    Owner& place = owners_[owner];
    place.agenda = agenda;
    for (const auto& [name, queue] : agenda->queues_) place.queues[name].next_ms = 0;
  }
  changed_.notify_all();
}

void Engine::warn_of_orphans(const Agenda& agenda, const std::string& owner) {
  const auto queues = table_.queues(owner);
  if (!queues) return;
  for (const std::string& queue : *queues) {
    if (agenda.has_queue(queue)) continue;
    log::warning("Jobs wait in a queue that this version of the plugin does not have.",
                 {{"plugin", owner}, {"queue", queue}});
  }
}

bool Engine::detach(const AgendaPtr& agenda, std::chrono::milliseconds deadline) {
  std::shared_ptr<void> last;  // let go of without the lock
  std::unique_lock lock(mutex_);
  agenda->state_ = Agenda::State::detached;
  for (auto& [job, stops] : agenda->running_) stops = true;
  std::erase_if(agenda->timers_, [](const auto& timer) { return !timer.second.taken; });
  const auto place = owners_.find(agenda->owner_);
  if (place != owners_.end() && place->second.agenda == agenda) place->second.agenda = nullptr;
  const bool ended =
      ended_.wait_for(lock, deadline, [&] { return agenda->running_.empty() && !agenda->letting_go_; });
  if (ended) last = std::move(agenda->kept_alive_);
  return ended;
}

Result<std::int64_t> Engine::retry(const std::string& owner) {
  const auto entries = table_.unpark(owner, now_ms());
  if (!entries) return entries;
  tally_->unpark(owner, *entries);
  {
    const std::lock_guard lock(mutex_);
    const auto place = owners_.find(owner);
    if (place != owners_.end()) {
      for (auto& [name, queue] : place->second.queues) queue.next_ms = 0;
    }
  }
  changed_.notify_all();
  return entries;
}

bool Engine::submit(std::string_view lane, std::function<void()> work, std::chrono::milliseconds deadline,
                    std::function<void(bool)> overdue) {
  return options_.runs && pool_.submit(lane, std::move(work), deadline, std::move(overdue));
}

bool Engine::stop(std::chrono::milliseconds deadline) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [name, owner] : owners_) {
      if (!owner.agenda) continue;
      for (auto& [job, stops] : owner.agenda->running_) stops = true;
    }
  }
  changed_.notify_all();
  if (clock_.joinable()) clock_.join();
  return pool_.stop(deadline);
}

// ---- The clock: hands out what is due.

void Engine::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto until = hand_out(Clock::now());
    changed_.wait_until(lock, until);
  }
}

Engine::Clock::time_point Engine::hand_out(Clock::time_point now) {
  auto until = now + kLongestSleep;
  for (auto& [name, owner] : owners_) {
    if (!owner.agenda) continue;
    until = std::min(until, hand_out_timers(owner.agenda, now));
    until = std::min(until, hand_out_queues(name, owner, now));
  }
  return until;
}

Engine::Clock::time_point Engine::hand_out_timers(const AgendaPtr& agenda, Clock::time_point now) {
  auto until = Clock::time_point::max();
  for (auto& [id, timer] : agenda->timers_) {
    if (timer.due <= now && timer.repeats) {
      // From the planned time on, so that it does not drift; what was missed is left out.
      const auto missed = (now - timer.due) / timer.time;
      const bool runs_still = timer.taken;
      timer.due += (missed + 1) * timer.time;
      until = std::min(until, timer.due);
      if (runs_still) continue;
    } else if (timer.taken) {
      continue;
    } else if (timer.due > now) {
      until = std::min(until, timer.due);
      continue;
    }
    timer.taken = pool_.submit(
        agenda->owner_, [this, agenda, id = id] { run_timer(agenda, id); }, options_.slow,
        [this, agenda, id = id](bool started) {
          if (!started) return finish_timer(*agenda, id);
          log::warning("A timer runs for very long.", {{"plugin", agenda->owner_}});
        });
    if (!timer.taken) until = std::min(until, now + options_.again);
  }
  return until;
}

Engine::Clock::time_point Engine::hand_out_queues(const std::string& name, Owner& owner,
                                                  Clock::time_point now) {
  auto until = Clock::time_point::max();
  const std::int64_t wall = now_ms();
  for (const auto& [queue, description] : owner.agenda->queues_) {
    QueueState& state = owner.queues[queue];
    if (state.taken || state.next_ms == kNever) continue;
    if (state.next_ms > wall) {
      const std::chrono::milliseconds left(std::min<std::int64_t>(state.next_ms - wall, 60'000));
      until = std::min(until, now + left);
      continue;
    }
    state.next_ms = kNever;
    state.taken = pool_.submit(
        name, [this, name, queue = queue] { run_queue(name, queue); }, options_.slow,
        [this, name, queue = queue](bool started) {
          if (!started) return give_back(name, queue, 0);
          log::warning("A job runs for very long.", {{"plugin", name}, {"queue", queue}});
        });
    if (state.taken) continue;
    state.next_ms = 0;
    until = std::min(until, now + options_.again);
  }
  return until;
}

}  // namespace stoa::core::jobs
