/* Jobs, metrics and health in plain C.
 *   POST /api/v1/x/jobber/{queue}?payload=7   enqueues the payload: "good", "bad" (fails always) or "slow"
 *   GET  /api/v1/x/jobber/ran                 {"items":[7,…]}: what ran in "good", and what was begun in "slow" */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stoa/sizes.h"
#include "stoa/stoa.h"

extern const stoa_plugin_desc stoa_generated_desc;

typedef struct jobber {
  stoa_ctx* ctx;
  const stoa_routes_v1* routes;
  const stoa_storage_v1* storage;
  const stoa_config_v1* config;
  const stoa_jobs_v1* jobs;
  const stoa_metrics_v1* metrics;
  stoa_metric ticks, level, sizes;
  stoa_job early;
  int sick, idle, asked;
} jobber;

static stoa_str text(const char* literal) {
  stoa_str out = {literal, strlen(literal)};
  return out;
}

static void answer(jobber* self, stoa_request* request, uint32_t status, const char* body) {
  stoa_response response;
  memset(&response, 0, sizeof response);
  response.size = sizeof response;
  response.status = status;
  response.body = text(body);
  self->routes->respond(request, &response);
}

typedef struct entry {
  jobber* self;
  stoa_str queue, payload;
} entry;

static stoa_status put(void* opaque, stoa_tx* tx) {
  const entry* what = opaque;
  return what->self->jobs->enqueue(tx, what->queue, what->payload, 0);
}

static void enqueue(void* opaque, stoa_request* request) {
  jobber* self = opaque;
  entry what;
  char body[64];
  stoa_status status;
  what.self = self;
  what.queue = self->routes->param(request, text("queue"));
  what.payload = self->routes->query(request, text("payload"));
  status = self->storage->write(self->ctx, put, &what);
  snprintf(body, sizeof body, "{\"status\":%d}", (int)status);
  answer(self, request, status == STOA_OK ? 201 : 422, body);
}

static stoa_status insert(void* opaque, stoa_tx* tx) {
  const entry* what = opaque;
  stoa_value value;
  memset(&value, 0, sizeof value);
  value.type = STOA_TEXT;
  value.as.text = what->payload;
  return what->self->storage->exec(tx, text("INSERT INTO jobber_ran (payload) VALUES (?1)"), &value, 1, NULL);
}

static stoa_status run_good(void* opaque, stoa_job job, stoa_str payload) {
  jobber* self = opaque;
  entry what;
  (void)job;
  what.self = self;
  what.payload = payload;
  self->metrics->record(self->ctx, self->sizes, (double)payload.len, NULL, 0);
  return self->storage->write(self->ctx, insert, &what);
}

static stoa_status run_bad(void* opaque, stoa_job job, stoa_str payload) {
  (void)opaque, (void)job, (void)payload;
  return STOA_E_CONFLICT;
}

static stoa_status run_slow(void* opaque, stoa_job job, stoa_str payload) {
  jobber* self = opaque;
  const struct timespec pause = {0, 5000000};
  const stoa_status begun = run_good(opaque, job, payload);
  if (begun != STOA_OK || !self->idle) return begun;
  while (!self->jobs->stopping(self->ctx, job)) nanosleep(&pause, NULL);
  return STOA_E_UNAVAILABLE;
}

typedef struct listing {
  jobber* self;
  char items[8192];
} listing;

static stoa_status collect(void* opaque, stoa_tx* tx) {
  listing* list = opaque;
  const stoa_storage_v1* storage = list->self->storage;
  const stoa_type types[] = {STOA_TEXT};
  stoa_cursor* cursor = NULL;
  stoa_value value;
  int has_row = 0;
  stoa_status status =
      storage->query(tx, text("SELECT payload FROM jobber_ran ORDER BY id"), NULL, 0, types, 1, &cursor);
  if (status != STOA_OK) return status;
  while ((status = storage->next(cursor, &value, 1, &has_row)) == STOA_OK && has_row) {
    const size_t used = strlen(list->items);
    snprintf(list->items + used, sizeof list->items - used, "%s%.*s", used ? "," : "", (int)value.as.text.len,
             value.as.text.ptr);
  }
  storage->close(cursor);
  return status;
}

static void ran(void* opaque, stoa_request* request) {
  listing* list = calloc(1, sizeof *list);
  char body[8300];
  list->self = opaque;
  list->self->storage->read(list->self->ctx, collect, list);
  snprintf(body, sizeof body, "{\"items\":[%s]}", list->items);
  answer(list->self, request, 200, body);
  free(list);
}

static void tick(void* opaque, stoa_job job) {
  jobber* self = opaque;
  const stoa_str kind = text("steady");
  (void)job;
  self->metrics->record(self->ctx, self->ticks, 1, &kind, 1);
}

static void once(void* opaque, stoa_job job) {
  jobber* self = opaque;
  (void)job;
  self->metrics->set(self->ctx, self->level, 42, NULL, 0);
}

static stoa_status add_queue(jobber* self, const char* name, stoa_status (*run)(void*, stoa_job, stoa_str)) {
  stoa_queue queue;
  memset(&queue, 0, sizeof queue);
  queue.size = sizeof queue;
  queue.attempts = 2;
  queue.name = text(name);
  queue.backoff_ms = 1;
  queue.run = run;
  queue.self = self;
  return self->jobs->queue(self->ctx, &queue);
}

static stoa_status define(jobber* self) {
  static const double bounds[] = {2, 8};
  const stoa_str labels[] = {text("kind")};
  stoa_metric_desc desc;
  memset(&desc, 0, sizeof desc);
  desc.size = sizeof desc;
  desc.kind = STOA_COUNTER;
  desc.name = text("ticks_total");
  desc.help = text("Runs of the timer.");
  desc.labels = labels;
  desc.label_count = 1;
  if (self->metrics->define(self->ctx, &desc, &self->ticks) != STOA_OK) return STOA_E_INTERNAL;
  desc.kind = STOA_GAUGE;
  desc.name = text("level");
  desc.help = text("Set once.");
  desc.label_count = 0;
  if (self->metrics->define(self->ctx, &desc, &self->level) != STOA_OK) return STOA_E_INTERNAL;
  desc.kind = STOA_HISTOGRAM;
  desc.name = text("payload_bytes");
  desc.help = text("Sizes of payloads.");
  desc.bounds = bounds;
  desc.bound_count = 2;
  return self->metrics->define(self->ctx, &desc, &self->sizes);
}

static stoa_status add_route(jobber* self, const char* method, const char* pattern,
                             void (*handler)(void*, stoa_request*)) {
  stoa_route route;
  memset(&route, 0, sizeof route);
  route.size = sizeof route;
  route.method = text(method);
  route.pattern = text(pattern);
  route.handler = handler;
  route.self = self;
  return self->routes->add(self->ctx, &route);
}

static stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** out) {
  jobber* self = calloc(1, sizeof *self);
  self->ctx = ctx;
  self->routes = host->get(ctx, text(STOA_ROUTES_ID), STOA_ROUTES_V1_SIZE_1_0);
  self->storage = host->get(ctx, text(STOA_STORAGE_ID), STOA_STORAGE_V1_SIZE_1_0);
  self->config = host->get(ctx, text(STOA_CONFIG_ID), STOA_CONFIG_V1_SIZE_1_0);
  self->jobs = host->get(ctx, text(STOA_JOBS_ID), STOA_JOBS_V1_SIZE_1_0);
  self->metrics = host->get(ctx, text(STOA_METRICS_ID), STOA_METRICS_V1_SIZE_1_0);
  if (!self->routes || !self->storage || !self->config || !self->jobs || !self->metrics ||
      add_queue(self, "good", run_good) != STOA_OK || add_queue(self, "bad", run_bad) != STOA_OK ||
      add_queue(self, "slow", run_slow) != STOA_OK || define(self) != STOA_OK ||
      add_route(self, "POST", "/api/v1/x/jobber/{queue}", enqueue) != STOA_OK ||
      add_route(self, "GET", "/api/v1/x/jobber/ran", ran) != STOA_OK) {
    free(self);
    return STOA_E_UNSUPPORTED;
  }
  *out = self;
  return STOA_OK;
}

static void take_settings(void* opaque, stoa_str json) {
  jobber* self = opaque;
  char copy[256];
  snprintf(copy, sizeof copy, "%.*s", (int)json.len, json.ptr);
  self->sick = strstr(copy, "\"sick\":true") != NULL;
  self->idle = strstr(copy, "\"idle\":true") != NULL;
}

static stoa_status start(void* opaque) {
  jobber* self = opaque;
  stoa_sink sink;
  stoa_job job = 0;
  sink.self = self;
  sink.write = take_settings;
  self->config->settings(self->ctx, &sink);
  if (self->jobs->after(self->ctx, 0, self, once, &self->early) != STOA_OK) return STOA_E_INTERNAL;
  return self->jobs->every(self->ctx, 100, self, tick, &job);
}

static stoa_status health(void* opaque, const stoa_sink* detail) {
  jobber* self = opaque;
  /* Asked for the first time within its start, when it must be well. */
  if (self->asked++ == 0 || !self->sick) return STOA_OK;
  detail->write(detail->self, text("The jobber has a cold."));
  return STOA_E_UNAVAILABLE;
}

static void destroy(void* opaque) {
  free(opaque);
}

STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void) {
  static stoa_plugin_desc desc;
  desc = stoa_generated_desc;
  desc.create = create;
  desc.start = start;
  desc.destroy = destroy;
  desc.health = health;
  return &desc;
}
