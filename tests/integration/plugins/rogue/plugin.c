/* GET /api/v1/x/rogue/{deed} does what must not be done and answers {"status":<what the host said>}. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stoa/sizes.h"
#include "stoa/stoa.h"

extern const stoa_plugin_desc stoa_generated_desc;

typedef struct rogue {
  stoa_ctx* ctx;
  const stoa_host* host;
  const stoa_routes_v1* routes;
  const stoa_storage_v1* storage;
  const stoa_events_v1* events;
  const stoa_realtime_v1* realtime;
  const stoa_log_v1* log;
  const stoa_jobs_v1* jobs;
  const stoa_metrics_v1* metrics;
  const stoa_permissions_v1* permissions;
  stoa_metric counter;
  stoa_status before_start;
  stoa_request* kept_request;
  stoa_tx* kept_tx;
  stoa_cursor* kept_cursor;
  stoa_status seen; /* by a closure or another thread */
} rogue;

static const char kBroken[] = "\xff\xfe";

static stoa_str text(const char* literal) {
  stoa_str out = {literal, strlen(literal)};
  return out;
}

static stoa_response response_of(const char* body) {
  stoa_response response;
  memset(&response, 0, sizeof response);
  response.size = sizeof response;
  response.status = 200;
  response.body = text(body);
  return response;
}

/* ---- In closures */

static stoa_status keep(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  const stoa_type types[] = {STOA_INTEGER};
  self->kept_tx = tx;
  return self->storage->query(tx, text("SELECT id FROM rogue_thing"), NULL, 0, types, 1, &self->kept_cursor);
}

static stoa_status nothing(void* opaque, stoa_tx* tx) {
  (void)opaque, (void)tx;
  return STOA_OK;
}

static stoa_status read_inside(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  (void)tx;
  self->seen = self->storage->read(self->ctx, nothing, self);
  return STOA_OK;
}

static stoa_status write_inside(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  (void)tx;
  self->seen = self->storage->write(self->ctx, nothing, self);
  return STOA_OK;
}

static stoa_status emit_with(rogue* self, stoa_tx* tx, const char* data, const char* channel, uint32_t size) {
  const stoa_str channels[] = {text(channel)};
  stoa_new_event event;
  memset(&event, 0, sizeof event);
  event.size = size;
  event.type = text("rogue.thing.done");
  event.channels = channels;
  event.channel_count = 1;
  event.data = text(data);
  return self->events->emit(tx, &event, NULL);
}

static stoa_status emit_good(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  self->seen = emit_with(self, tx, "{}", "rogue", sizeof(stoa_new_event));
  return STOA_OK;
}
static stoa_status emit_no_text(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  self->seen = emit_with(self, tx, "{}", kBroken, sizeof(stoa_new_event));
  return STOA_OK;
}
static stoa_status emit_no_json(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  self->seen = emit_with(self, tx, "{", "rogue", sizeof(stoa_new_event));
  return STOA_OK;
}
static stoa_status emit_small(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  self->seen = emit_with(self, tx, "{}", "rogue", 8);
  return STOA_OK;
}
static stoa_status enqueue(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  self->seen = self->jobs->enqueue(tx, text("q"), text("{}"), 0);
  return STOA_OK;
}
static stoa_status enqueue_no_json(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  self->seen = self->jobs->enqueue(tx, text("q"), text("{"), 0);
  return STOA_OK;
}

static void* use_request(void* opaque) {
  rogue* self = opaque;
  self->seen = self->routes->method(self->kept_request).ptr ? STOA_OK : STOA_E_STALE;
  return NULL;
}

static void* use_cursor(void* opaque) {
  rogue* self = opaque;
  int has_row = 0;
  self->seen = self->storage->next(self->kept_cursor, &has_row);
  return NULL;
}

static void on_another_thread(void* (*run)(void*), rogue* self) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, run, self) == 0) pthread_join(thread, NULL);
}

static stoa_status pass_cursor_on(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  if (keep(self, tx) != STOA_OK) return STOA_E_INTERNAL;
  on_another_thread(use_cursor, self);
  return STOA_OK;
}

static stoa_status in_read(rogue* self, stoa_tx_fn fn) {
  self->storage->read(self->ctx, fn, self);
  return self->seen;
}
static stoa_status in_write(rogue* self, stoa_tx_fn fn) {
  self->storage->write(self->ctx, fn, self);
  return self->seen;
}

/* ---- Deeds */

static stoa_status register_late(rogue* self, stoa_request* request) {
  stoa_route route;
  (void)request;
  memset(&route, 0, sizeof route);
  route.size = sizeof route;
  route.method = text("GET");
  route.pattern = text("/api/v1/x/rogue/late/route");
  return self->routes->add(self->ctx, &route);
}
static stoa_status declare_late(rogue* self, stoa_request* request) {
  (void)request;
  return self->permissions->declare(self->ctx, text("rogue.late"), STOA_ROLE_MEMBER);
}
static stoa_status storage_before_start(rogue* self, stoa_request* request) {
  (void)request;
  return self->before_start;
}
static stoa_status do_read_inside(rogue* self, stoa_request* request) {
  (void)request;
  return in_write(self, read_inside);
}
static stoa_status do_write_inside(rogue* self, stoa_request* request) {
  (void)request;
  return in_write(self, write_inside);
}
static stoa_status emit_in_read(rogue* self, stoa_request* request) {
  (void)request;
  return in_read(self, emit_good);
}
static stoa_status enqueue_in_read(rogue* self, stoa_request* request) {
  (void)request;
  return in_read(self, enqueue);
}
static stoa_status do_emit_no_text(rogue* self, stoa_request* request) {
  (void)request;
  return in_write(self, emit_no_text);
}
static stoa_status do_emit_no_json(rogue* self, stoa_request* request) {
  (void)request;
  return in_write(self, emit_no_json);
}
static stoa_status do_emit_small(rogue* self, stoa_request* request) {
  (void)request;
  return in_write(self, emit_small);
}
static stoa_status do_enqueue_no_json(rogue* self, stoa_request* request) {
  (void)request;
  return in_write(self, enqueue_no_json);
}
static stoa_status stale_tx(rogue* self, stoa_request* request) {
  (void)request;
  self->storage->read(self->ctx, keep, self);
  return self->storage->exec(self->kept_tx, text("DELETE FROM rogue_thing"), NULL, 0, NULL);
}
static stoa_status stale_cursor(rogue* self, stoa_request* request) {
  int has_row = 0;
  (void)request;
  self->storage->read(self->ctx, keep, self);
  self->storage->close(self->kept_cursor);
  return self->storage->next(self->kept_cursor, &has_row);
}
static stoa_status cursor_on_another_thread(rogue* self, stoa_request* request) {
  (void)request;
  return in_read(self, pass_cursor_on);
}
static stoa_status invented_tx(rogue* self, stoa_request* request) {
  (void)request;
  return self->storage->exec((stoa_tx*)self, text("DELETE FROM rogue_thing"), NULL, 0, NULL);
}
static stoa_status stale_request(rogue* self, stoa_request* request) {
  const stoa_response response = response_of("{}");
  (void)request;
  return self->routes->respond(self->kept_request, &response);
}
static stoa_status request_on_another_thread(rogue* self, stoa_request* request) {
  self->kept_request = request;
  on_another_thread(use_request, self);
  return self->seen;
}
static stoa_status small_response(rogue* self, stoa_request* request) {
  stoa_response response = response_of("{}");
  response.size = 0;
  return self->routes->respond(request, &response);
}
static stoa_status broken_body(rogue* self, stoa_request* request) {
  const stoa_response response = response_of(kBroken);
  return self->routes->respond(request, &response);
}
static stoa_status broken_log(rogue* self, stoa_request* request) {
  (void)request;
  self->log->write(self->ctx, STOA_LOG_INFO, text(kBroken), NULL, 0);
  return STOA_OK;
}
static stoa_status small_error(rogue* self, stoa_request* request) {
  stoa_error error;
  memset(&error, 0, sizeof error);
  (void)request;
  self->host->set_error(self->ctx, &error);
  return STOA_OK;
}
static stoa_status broken_channel(rogue* self, stoa_request* request) {
  (void)request;
  return self->realtime->ephemeral(self->ctx, text(kBroken), text("rogue.x"), text("{}"), text(""));
}
static stoa_status foreign_deferred(rogue* self, stoa_request* request) {
  const stoa_response response = response_of("{}");
  (void)request;
  return self->routes->complete(self->ctx, 4711, &response);
}
static stoa_status stopping_outside(rogue* self, stoa_request* request) {
  (void)request;
  return self->jobs->stopping(self->ctx, 1) ? STOA_OK : STOA_E_INTERNAL;
}
static stoa_status cancel_nothing(rogue* self, stoa_request* request) {
  (void)request;
  return self->jobs->cancel(self->ctx, 4711);
}
static void never(void* self, stoa_job job) {
  (void)self, (void)job;
}
static stoa_status short_period(rogue* self, stoa_request* request) {
  stoa_job job;
  (void)request;
  return self->jobs->every(self->ctx, 1, self, never, &job);
}
static stoa_status foreign_metric(rogue* self, stoa_request* request) {
  (void)request;
  return self->metrics->record(self->ctx, self->counter + 1, 1, NULL, 0);
}
static stoa_status falling_counter(rogue* self, stoa_request* request) {
  (void)request;
  return self->metrics->record(self->ctx, self->counter, -1, NULL, 0);
}
static stoa_status many_labels(rogue* self, stoa_request* request) {
  const stoa_str values[] = {text("a")};
  (void)request;
  return self->metrics->record(self->ctx, self->counter, 1, values, 1);
}

static const struct {
  const char* name;
  stoa_status (*run)(rogue*, stoa_request*);
} kDeeds[] = {
    {"register_late", register_late},
    {"declare_late", declare_late},
    {"storage_before_start", storage_before_start},
    {"read_inside", do_read_inside},
    {"write_inside", do_write_inside},
    {"emit_in_read", emit_in_read},
    {"enqueue_in_read", enqueue_in_read},
    {"emit_no_text", do_emit_no_text},
    {"emit_no_json", do_emit_no_json},
    {"emit_small", do_emit_small},
    {"enqueue_no_json", do_enqueue_no_json},
    {"stale_tx", stale_tx},
    {"stale_cursor", stale_cursor},
    {"cursor_on_another_thread", cursor_on_another_thread},
    {"invented_tx", invented_tx},
    {"stale_request", stale_request},
    {"request_on_another_thread", request_on_another_thread},
    {"small_response", small_response},
    {"broken_body", broken_body},
    {"broken_log", broken_log},
    {"small_error", small_error},
    {"broken_channel", broken_channel},
    {"foreign_deferred", foreign_deferred},
    {"stopping_outside", stopping_outside},
    {"cancel_nothing", cancel_nothing},
    {"short_period", short_period},
    {"foreign_metric", foreign_metric},
    {"falling_counter", falling_counter},
    {"many_labels", many_labels},
};

static void handle(void* opaque, stoa_request* request) {
  rogue* self = opaque;
  const stoa_str deed = self->routes->param(request, text("deed"));
  stoa_response response;
  char body[64];
  int status = -1;
  size_t i;
  self->seen = -1;
  for (i = 0; i < sizeof kDeeds / sizeof *kDeeds; ++i) {
    if (strlen(kDeeds[i].name) == deed.len && memcmp(kDeeds[i].name, deed.ptr, deed.len) == 0)
      status = kDeeds[i].run(self, request);
  }
  snprintf(body, sizeof body, "{\"status\":%d}", status);
  response = response_of(body);
  self->routes->respond(request, &response);
  /* Once more. */
  if (deed.len == 5 && memcmp(deed.ptr, "twice", 5) == 0) self->seen = self->routes->respond(request, &response);
  self->kept_request = request;
}

static stoa_status run(void* self, stoa_job job, stoa_str payload) {
  (void)self, (void)job, (void)payload;
  return STOA_OK;
}

static stoa_status listen(void* self, const stoa_principal* user, stoa_str channel) {
  (void)self, (void)user, (void)channel;
  return STOA_OK;
}

static stoa_status add_parts(rogue* self) {
  stoa_route route;
  stoa_queue queue;
  stoa_channel_claim claim;
  stoa_metric_desc desc;
  memset(&route, 0, sizeof route);
  route.size = sizeof route;
  route.method = text("GET");
  route.pattern = text("/api/v1/x/rogue/{deed}");
  route.handler = handle;
  route.self = self;
  memset(&queue, 0, sizeof queue);
  queue.size = sizeof queue;
  queue.attempts = 1;
  queue.backoff_ms = 1;
  queue.name = text("q");
  queue.run = run;
  memset(&claim, 0, sizeof claim);
  claim.size = sizeof claim;
  claim.prefix = text("rogue");
  claim.authorize = listen;
  memset(&desc, 0, sizeof desc);
  desc.size = sizeof desc;
  desc.kind = STOA_COUNTER;
  desc.name = text("deeds_total");
  desc.help = text("Deeds.");
  if (self->routes->add(self->ctx, &route) != STOA_OK || self->jobs->queue(self->ctx, &queue) != STOA_OK ||
      self->realtime->claim(self->ctx, &claim) != STOA_OK ||
      self->metrics->define(self->ctx, &desc, &self->counter) != STOA_OK)
    return STOA_E_INTERNAL;
  /* None of these may do any harm. */
  route.size = 0;
  if (self->routes->add(self->ctx, &route) != STOA_E_ARGUMENT) return STOA_E_INTERNAL;
  if (self->routes->add(self->ctx, NULL) != STOA_E_ARGUMENT) return STOA_E_INTERNAL;
  queue.attempts = 21;
  if (self->jobs->queue(self->ctx, &queue) != STOA_E_ARGUMENT) return STOA_E_INTERNAL;
  desc.name = text("Deeds");
  if (self->metrics->define(self->ctx, &desc, &self->counter) != STOA_E_ARGUMENT) return STOA_E_INTERNAL;
  return STOA_OK;
}

static stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** out) {
  rogue* self = calloc(1, sizeof *self);
  self->ctx = ctx;
  self->host = host;
  self->routes = host->get(ctx, text(STOA_ROUTES_ID), STOA_ROUTES_V1_SIZE_1_0);
  self->storage = host->get(ctx, text(STOA_STORAGE_ID), STOA_STORAGE_V1_SIZE_1_0);
  self->events = host->get(ctx, text(STOA_EVENTS_ID), STOA_EVENTS_V1_SIZE_1_0);
  self->realtime = host->get(ctx, text(STOA_REALTIME_ID), STOA_REALTIME_V1_SIZE_1_0);
  self->log = host->get(ctx, text(STOA_LOG_ID), STOA_LOG_V1_SIZE_1_0);
  self->jobs = host->get(ctx, text(STOA_JOBS_ID), STOA_JOBS_V1_SIZE_1_0);
  self->metrics = host->get(ctx, text(STOA_METRICS_ID), STOA_METRICS_V1_SIZE_1_0);
  self->permissions = host->get(ctx, text(STOA_PERMISSIONS_ID), STOA_PERMISSIONS_V1_SIZE_1_0);
  if (add_parts(self) != STOA_OK) {
    free(self);
    return STOA_E_INTERNAL;
  }
  self->before_start = self->storage->read(ctx, nothing, self);
  *out = self;
  return STOA_OK;
}

static void destroy(void* opaque) {
  free(opaque);
}

STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void) {
  static stoa_plugin_desc desc;
  desc = stoa_generated_desc;
  desc.create = create;
  desc.destroy = destroy;
  return &desc;
}
