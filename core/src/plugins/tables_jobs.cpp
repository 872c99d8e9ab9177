#include <string>

#include "plugins/background.hpp"
#include "plugins/boundary.hpp"
#include "plugins/tables.hpp"
#include "plugins/transactions.hpp"

namespace stoa::core::plugins {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostQueues = 32;
constexpr std::uint32_t kMostAttempts = 20;
constexpr std::uint32_t kMostBackoffMs = 3'600'000;
constexpr std::uint32_t kLeastPeriodMs = 100;
constexpr std::uint32_t kMostPeriodMs = 86'400'000;

using RunTimer = void (*)(void* self, stoa_job job);

stoa_status add_queue(stoa_ctx* ctx, const stoa_queue* queue) {
  constexpr std::string_view kCall = "jobs.queue";
  return at_boundary(kCall, [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state(*ctx, kCall);
    if (!is_whole(queue, STOA_QUEUE_SIZE_1_0))
      return argument(*ctx, kCall, "the queue is missing or too small");
    if (!is_name(view(queue->name), 32)) return argument(*ctx, kCall, "a name is [a-z][a-z0-9_]{0,31}");
    if (queue->attempts == 0 || queue->attempts > kMostAttempts)
      return argument(*ctx, kCall, "attempts are 1 to 20");
    if (queue->backoff_ms == 0 || queue->backoff_ms > kMostBackoffMs)
      return argument(*ctx, kCall, "backoff_ms is 1 to 3,600,000");
    if (!queue->run) return argument(*ctx, kCall, "run is required");
    if (ctx->contributions.agenda->queues() >= kMostQueues) return argument(*ctx, kCall, "too many queues");
    const bool added = ctx->contributions.agenda->add_queue(
        std::string(view(queue->name)),
        {.attempts = static_cast<int>(queue->attempts),
         .backoff = milliseconds(queue->backoff_ms),
         .run = [run = queue->run, self = queue->self](jobs::JobId job,
                                                       std::string_view payload) -> Result<void> {
           clear_callback_error();
           const stoa_status status = run(self, job, str(payload));
           if (status == STOA_OK) return {};
           return take_callback_error(status);
         }});
    return added ? stoa_status{STOA_OK} : argument(*ctx, kCall, "there is a queue of that name");
  });
}

stoa_status enqueue(stoa_tx* handle, stoa_str queue, stoa_str payload, std::int64_t run_at_ms) {
  constexpr std::string_view kCall = "jobs.enqueue";
  return in_write(handle, kCall, [&](OpenTransaction& tx) {
    if (!is_json(tx.owner, payload, false)) return argument(tx.owner, kCall, "the payload is no JSON");
    if (!tx.owner.contributions.agenda->has_queue(view(queue)))
      return argument(tx.owner, kCall, "there is no queue \"" + std::string(view(queue)) + "\"");
    return finish(tx.owner.host.jobs->engine().enqueue(
        *tx.owner.contributions.agenda, tx.owner.id, tx.transaction, view(queue), view(payload), run_at_ms));
  });
}

stoa_status add_timer(stoa_ctx* ctx, std::string_view call, std::uint32_t ms, bool repeats, void* self,
                      RunTimer run, stoa_job* job) {
  return at_boundary(call, [&]() -> stoa_status {
    if (!ctx->usable) return wrong_state(*ctx, call, "is for active plugins, from start on");
    if (!run || !job) return argument(*ctx, call, "run and job are required");
    if (repeats && (ms < kLeastPeriodMs || ms > kMostPeriodMs))
      return argument(*ctx, call, "a period is 100 to 86,400,000 ms");
    jobs::Engine& engine = ctx->host.jobs->engine();
    const auto function = [run, self](jobs::JobId id) { run(self, id); };
    jobs::Agenda& agenda = *ctx->contributions.agenda;
    auto added = repeats ? engine.every(agenda, milliseconds(ms), function)
                         : engine.after(agenda, milliseconds(ms), function);
    if (!added) return failed(added.error());
    *job = *added;
    return STOA_OK;
  });
}

stoa_status after(stoa_ctx* ctx, std::uint32_t delay_ms, void* self, RunTimer run, stoa_job* job) {
  return add_timer(ctx, "jobs.after", delay_ms, false, self, run, job);
}

stoa_status every(stoa_ctx* ctx, std::uint32_t period_ms, void* self, RunTimer run, stoa_job* job) {
  return add_timer(ctx, "jobs.every", period_ms, true, self, run, job);
}

stoa_status cancel(stoa_ctx* ctx, stoa_job job) {
  return at_boundary("jobs.cancel", [&]() -> stoa_status {
    if (ctx->host.jobs->engine().cancel(*ctx->contributions.agenda, job)) return STOA_OK;
    remember_error({ErrorCode::internal, "jobs.cancel: this timer is no more"});
    return STOA_E_STALE;
  });
}

int stopping(stoa_ctx* ctx, stoa_job job) {
  const auto stops = ctx->host.jobs->engine().stopping(*ctx->contributions.agenda, job);
  if (!stops) (void)wrong_state(*ctx, "jobs.stopping", "is for the run of that job only");
  return stops.value_or(true) ? 1 : 0;
}

}  // namespace

const stoa_jobs_v1* jobs_table() {
  static const stoa_jobs_v1 table = {sizeof table, 0,      &add_queue, &enqueue,
                                     &after,       &every, &cancel,    &stopping};
  return &table;
}

}  // namespace stoa::core::plugins
