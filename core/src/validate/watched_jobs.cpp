#include <string>

#include "plugins/tables.hpp"
#include "validate/watched.hpp"

namespace stoa::core::validate {

namespace {

using RunTimer = void (*)(void* self, stoa_job job);
using AddTimer = stoa_status (*stoa_jobs_v1::*)(stoa_ctx*, std::uint32_t, void*, RunTimer, stoa_job*);

stoa_status add_queue(stoa_ctx* ctx, const stoa_queue* queue) {
  const stoa_status status = Watched<&stoa_jobs_v1::queue>::call(ctx, queue);
  if (status == STOA_OK)
    Watch::active()->add_queue(std::string(stoa::detail::view(queue->name)),
                               {queue->attempts, queue->run, queue->self});
  return status;
}

template <AddTimer Slot>
stoa_status add_timer(stoa_ctx* ctx, std::uint32_t ms, void* self, RunTimer run, stoa_job* job) {
  const stoa_status status = Watched<Slot>::call(ctx, ms, self, run, job);
  if (status == STOA_OK) Watch::active()->add_timer({*job, run, self});
  return status;
}

stoa_status cancel(stoa_ctx* ctx, stoa_job job) {
  Watch::active()->drop_timer(job);
  return Watched<&stoa_jobs_v1::cancel>::call(ctx, job);
}

int stopping(stoa_ctx* ctx, stoa_job job) {
  if (const auto stops = Run::stopping(job)) return *stops ? 1 : 0;
  return Watched<&stoa_jobs_v1::stopping>::call(ctx, job);
}

stoa_jobs_v1 make_jobs() {
  using Table = stoa_jobs_v1;
  const Table* real = plugins::jobs_table();
  Table out = *real;
  STOA_WATCH("jobs", queue);
  STOA_WATCH("jobs", enqueue);
  STOA_WATCH("jobs", after);
  STOA_WATCH("jobs", every);
  STOA_WATCH("jobs", cancel);
  STOA_WATCH("jobs", stopping);
  out.queue = &add_queue;
  out.after = &add_timer<&Table::after>;
  out.every = &add_timer<&Table::every>;
  out.cancel = &cancel;
  out.stopping = &stopping;
  return out;
}

}  // namespace

const stoa_jobs_v1* watched_jobs() {
  static const stoa_jobs_v1 table = make_jobs();
  return &table;
}

}  // namespace stoa::core::validate
