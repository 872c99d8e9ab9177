#include "storage/writer.hpp"

#include <pthread.h>
#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <iterator>
#include <utility>

#include "storage/event_log.hpp"
#include "storage/failure.hpp"
#include "storage/scope.hpp"
#include "storage/waiter.hpp"

namespace stoa::core::storage {
namespace {

using Clock = std::chrono::steady_clock;

// So much of a commit may go to low priority when nobody else waits; and so many commits may pass without
// any.
constexpr auto kLowPriorityTime = std::chrono::milliseconds(10);
// Pages of the write-ahead log: checkpointed from here on when idle, from there on anyway.
constexpr int kPagesWhenIdle = 1'000;
constexpr int kPagesAnyway = 8'000;
constexpr std::size_t kEventsAtOnce = 1'000;

}  // namespace

Writer::Writer(Options options, std::unique_ptr<Connection> connection, std::uint64_t head)
    : options_(std::move(options)),
      connection_(std::move(connection)),
      head_(head),
      queue_(options_.queue_limit, options_.low_priority_wait),
      watch_(options_.slow_closure, options_.stuck_closure,
             {.slow =
                  [this](const std::string& owner) {
                    log("warning", "A write of " + owner + " holds up all others for longer than " +
                                       std::to_string(options_.slow_closure.count()) + " ms.");
                  },
              .stuck = options_.on_stuck}),
      thread_([this] { run(); }) {}

void Writer::submit(WriteItem item) {
  Result<void> taken = Error{ErrorCode::internal, "A write cannot begin inside another write.", {}};
  if (!(is_this_thread() && this_scope().in_closure)) taken = queue_.push(item);
  if (taken || !item.done) return;
  guard("A completion", [&] { item.done(std::move(taken)); });
}

Result<void> Writer::run_errand(std::function<Result<void>(Connection&)> run) {
  if (is_this_thread()) return Error{ErrorCode::internal, "The writer thread cannot wait for itself.", {}};
  auto waiter = std::make_shared<Waiter>();
  Errand errand{std::move(run), [waiter](Result<void> result) { waiter->finish(std::move(result)); }};
  if (auto taken = queue_.push_errand(errand); !taken) return taken;
  return waiter->wait();
}

bool Writer::is_this_thread() const {
  return this_scope().database == options_.identity;
}

void Writer::wake_at(Clock::time_point time) {
  alarm_ = alarm_ ? std::min(*alarm_, time) : time;
}

void Writer::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void Writer::close_file() {
  if (!connection_) return;
  connection_->checkpoint_and_truncate();
  connection_.reset();
}

void Writer::run() {
  ::pthread_setname_np(::pthread_self(), "stoa-writer");
  this_scope().database = options_.identity;
  for (;;) {
    switch (queue_.wait(alarm_)) {
      case WriteQueue::Wake::end: return;
      case WriteQueue::Wake::alarm: break;
      case WriteQueue::Wake::work:
        run_errands();
        run_group();
        checkpoint();
        break;
    }
    if (!alarm_ || Clock::now() < *alarm_) continue;
    alarm_.reset();
    guard("An alarm", options_.on_alarm);
  }
}

void Writer::run_errands() {
  for (Errand& errand : queue_.take_errands()) {
    Result<void> result = Error{ErrorCode::unavailable, "The storage does not answer.", {}};
    if (connection_) guard("An errand of the host", [&] { result = errand.run(*connection_); });
    errand.done(std::move(result));
  }
}

void Writer::run_group() {
  for (WriteItem& item : queue_.take_group(options_.group_limit)) members_.push_back({std::move(item), {}});
  for (std::size_t next = 0; next < members_.size();) run_transaction(next);
  complete();
}

// Runs members from `next` on in one transaction, up to the last or to one that took the whole transaction
// down.
void Writer::run_transaction(std::size_t& next) {
  const std::size_t first = next;
  auto fail = [&](const Error& error) {
    for (std::size_t i = first; i < next; ++i) {
      if (members_[i].result) members_[i].result = error;
    }
  };
  if (auto begun = begin(); !begun) {
    next = members_.size();
    return fail(begun.error());
  }
  const auto started = Clock::now();
  const bool is_low_only = members_[first].item.low_priority;
  while (next < members_.size()) {
    run_member(members_[next++]);
    if (!connection_->in_transaction()) {
      return fail({ErrorCode::unavailable, "Another write of the same commit took it down.", {}});
    }
    if (next < members_.size() || !is_low_only || Clock::now() - started >= kLowPriorityTime) continue;
    if (auto item = queue_.take_low_priority()) members_.push_back({std::move(*item), {}});
  }
  if (auto committed = commit(); !committed) return fail(committed.error());
  closures_.fetch_add(next - first, std::memory_order_relaxed);
  const auto size = std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(next - first - 1)), 8);
  commits_by_size_[size].fetch_add(1, std::memory_order_relaxed);
  publish();
}

Result<void> Writer::begin() {
  if (!connection_ || connection_->is_broken()) {
    if (auto done = reopen(); !done) return done;
  }
  if (const int code = connection_->run(Control::begin_write)) {
    const Error error = error_of(code, {});
    log("error", "A transaction could not begin: " + connection_->last_message());
    abandon();
    return error;
  }
  group_.begin(0);
  SqlTransaction host(*connection_, nullptr, &group_, options_.context);
  auto head = event_log::head(host);
  if (!head) {
    abandon();
    return head.error();
  }
  group_.begin(*head);
  return {};
}

// After an I/O error the connection may hold on to what is no longer true.
Result<void> Writer::reopen() {
  options_.before_reopen();
  connection_.reset();
  std::error_code ignored;
  const auto& path = options_.connection.path;
  if (!std::filesystem::exists(path, ignored))
    return Error{ErrorCode::unavailable, "The storage is gone.", {}};
  auto opened = Connection::open(options_.connection);
  if (!opened) {
    log("error", "The storage could not be opened again: " + opened.error().message);
    return Error{ErrorCode::unavailable, "The storage does not answer.", {}};
  }
  connection_ = std::move(*opened);
  return {};
}

std::array<std::uint64_t, 9> Writer::commits_by_size() const {
  std::array<std::uint64_t, 9> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = commits_by_size_[i].load(std::memory_order_relaxed);
  return all;
}

void Writer::run_member(Member& member) {
  WriteItem& item = member.item;
  if (const int code = connection_->run(Control::savepoint)) {
    member.result = error_of(code, {});
    return;
  }
  const Group::Mark mark = group_.mark();
  {
    SqlTransaction transaction(*connection_, item.as_host ? nullptr : &connection_->owner(item.owner),
                               &group_, options_.context);
    member.result = call(member, transaction);
    if (member.result && !transaction.doom()) member.result = transaction.doom();
  }
  if (!connection_->in_transaction()) {
    if (member.result) member.result = Error{ErrorCode::unavailable, "The transaction was rolled back.", {}};
    return;
  }
  if (member.result && connection_->has_deferred_violations()) {
    member.result = error_of(SQLITE_CONSTRAINT_FOREIGNKEY, {});
  }
  if (!member.result) {
    group_.roll_back(mark);
    connection_->run(Control::rollback_to);
  }
  if (const int code = connection_->run(Control::release)) {
    member.result = error_of(code, {});
    abandon();  // nothing tells what of the closure is still in the transaction
  }
}

Result<void> Writer::call(Member& member, SqlTransaction& transaction) {
  const std::string& owner = member.item.owner;
  Result<void> result = Error{ErrorCode::internal, "The write failed.", {}};
  Scope& scope = this_scope();
  scope.in_closure = true;
  watch_.start(owner, member.item.may_be_long);
  guard(("A write of " + owner).c_str(), [&] { result = member.item.work(transaction); });
  watch_.stop();
  scope.in_closure = false;
  return result;
}

Result<void> Writer::commit() {
  SqlTransaction host(*connection_, nullptr, &group_, options_.context);
  Result<void> kept;
  if (group_.head() != group_.first_head()) kept = event_log::keep_head(host);
  if (kept) kept = read_events_of_others(host);
  if (!kept) {
    abandon();
    return kept;
  }
  if (const int code = connection_->run(Control::commit)) {
    const Error error = error_of(code, {});
    log("error", "A transaction could not be committed: " + connection_->last_message());
    abandon();
    return error;
  }
  commits_.fetch_add(1, std::memory_order_relaxed);
  return {};
}

Result<void> Writer::read_events_of_others(SqlTransaction& host) {
  for (std::uint64_t since = head(); since < group_.first_head();) {
    auto others = event_log::read(host, since, group_.first_head(), {}, kEventsAtOnce);
    if (!others) return others.error();
    since = others->more ? others->events.back()->seq : group_.first_head();
    std::ranges::move(others->events, std::back_inserter(events_of_others_));
  }
  return {};
}

void Writer::abandon() {
  events_of_others_.clear();
  if (connection_->in_transaction()) connection_->run(Control::rollback);
}

void Writer::publish() {
  for (const auto& action : group_.take_actions()) guard("An action after a commit", action);
  const std::uint64_t before = head();
  const std::uint64_t after = group_.head();
  if (after == before) return;
  std::vector<EventPtr> events = std::exchange(events_of_others_, {});
  for (EventPtr& event : group_.take_events()) events.push_back(std::move(event));
  if (options_.on_events && !events.empty()) {
    guard("The publishing of events", [&] { options_.on_events(events); });
  }
  head_.store(after, std::memory_order_release);
  guard("The waking of subscribers", [&] { options_.committed(events, before, after); });
}

void Writer::complete() {
  for (Member& member : members_) {
    if (!member.item.done) continue;
    guard("A completion", [&] { member.item.done(std::move(member.result)); });
  }
  members_.clear();
}

void Writer::checkpoint() {
  if (!connection_ || connection_->waiting_pages() < kPagesWhenIdle) return;
  if (connection_->waiting_pages() < kPagesAnyway && !queue_.is_empty()) return;
  connection_->checkpoint_passively();
}

void Writer::log(std::string_view level, const std::string& message) const {
  if (options_.context.log) options_.context.log(level, message);
}

template <class Call>
void Writer::guard(const char* what, Call&& call) const {
  try {
    call();
  } catch (const std::exception& error) {
    log("error", std::string(what) + " threw: " + error.what());
  } catch (...) {
    log("error", std::string(what) + " threw.");
  }
}

}  // namespace stoa::core::storage
