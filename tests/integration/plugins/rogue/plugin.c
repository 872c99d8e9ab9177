/* GET /api/v1/x/rogue/{deed} does what must not be done and answers {"status":<what the host said>}. */
#include <stdio.h>
#include <stdlib.h>

#include "rogue.h"
#include "stoa/sizes.h"

extern const stoa_plugin_desc stoa_generated_desc;

static void handle(void* opaque, stoa_request* request) {
  rogue* self = opaque;
  const stoa_str deed = self->routes->param(request, text("deed"));
  stoa_response response;
  char body[64];
  self->seen = -1;
  snprintf(body, sizeof body, "{\"status\":%d}", (int)rogue_do(self, deed, request));
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
  self->before_start = self->storage->read(ctx, rogue_nothing, self);
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
