// One mistake in what is registered, and the answer not looked at: compiled with -DMISTAKE=queue_attempts and
// so on.
#include "skeleton.hpp"

namespace {

enum class Mistake {
  queue_attempts,
  queue_backoff,
  queue_name,
  queue_null,
  queue_run,
  queue_size,
  metric_bounds,
  metric_help,
  metric_kind,
  metric_labels,
  metric_null,
  metric_size,
  metric_total
};
constexpr Mistake kMistake = Mistake::MISTAKE;
constexpr bool kQueue = kMistake < Mistake::metric_bounds;
constexpr bool is(Mistake one) {
  return kMistake == one;
}

void add_queue(const stoa_jobs_v1& jobs, stoa_ctx* ctx) {
  stoa_queue queue{};
  queue.size = is(Mistake::queue_size) ? 16 : sizeof queue;
  queue.attempts = is(Mistake::queue_attempts) ? 21 : 1;
  queue.name = bad::text(is(Mistake::queue_name) ? "Errands" : "errands");
  if (is(Mistake::queue_null)) queue.name.ptr = nullptr;
  queue.backoff_ms = is(Mistake::queue_backoff) ? 3'600'001 : 1;
  if (!is(Mistake::queue_run)) queue.run = [](void*, stoa_job, stoa_str) -> stoa_status { return STOA_OK; };
  jobs.queue(ctx, &queue);
}

void define_metric(const stoa_metrics_v1& metrics, stoa_ctx* ctx) {
  static const double bounds[] = {1, 10, 5};
  const stoa_str labels[] = {bad::text("a"), bad::text("b"), bad::text("c"), bad::text("d"), bad::text("e")};
  stoa_metric_desc desc{};
  desc.size = is(Mistake::metric_size) ? 0 : sizeof desc;
  desc.kind = is(Mistake::metric_bounds) ? STOA_HISTOGRAM : is(Mistake::metric_kind) ? 3 : STOA_COUNTER;
  desc.name = bad::text(is(Mistake::metric_total) || is(Mistake::metric_bounds) ? "seconds" : "asked_total");
  desc.help = bad::text(is(Mistake::metric_help) ? "" : "Help.");
  if (is(Mistake::metric_null)) desc.help.ptr = nullptr;
  desc.labels = labels;
  desc.label_count = is(Mistake::metric_labels) ? 5 : 1;
  desc.bounds = bounds;
  desc.bound_count = is(Mistake::metric_bounds) ? 3 : 0;
  stoa_metric metric = 0;
  metrics.define(ctx, &desc, &metric);
}

stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** self) {
  if (const stoa_status status = bad::create<&bad::nothing_bad>(host, ctx, self); status != STOA_OK)
    return status;
  auto& plugin = *static_cast<bad::Plugin*>(*self);
  const stoa_jobs_v1* jobs = nullptr;
  const stoa_metrics_v1* metrics = nullptr;
  if (!bad::fetch(plugin, jobs, STOA_JOBS_ID) || !bad::fetch(plugin, metrics, STOA_METRICS_ID)) {
    bad::destroy(*self);
    return STOA_E_UNSUPPORTED;
  }
  if (kQueue)
    add_queue(*jobs, ctx);
  else
    define_metric(*metrics, ctx);
  return STOA_OK;
}

}  // namespace

BAD_PLUGIN([] {
  stoa_plugin_desc out = bad::description<&bad::nothing_bad>();
  out.create = &create;
  return out;
}())
