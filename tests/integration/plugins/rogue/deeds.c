/* What must not be done. */
#include <pthread.h>

#include "rogue.h"

static const char kBroken[] = "\xff\xfe";

/* ---- In closures */

static stoa_status keep(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  const stoa_type types[] = {STOA_INTEGER};
  self->kept_tx = tx;
  return self->storage->query(tx, text("SELECT id FROM rogue_thing"), NULL, 0, types, 1, &self->kept_cursor);
}

stoa_status rogue_nothing(void* opaque, stoa_tx* tx) {
  (void)opaque, (void)tx;
  return STOA_OK;
}

static stoa_status read_inside(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  (void)tx;
  self->seen = self->storage->read(self->ctx, rogue_nothing, self);
  return STOA_OK;
}

static stoa_status write_inside(void* opaque, stoa_tx* tx) {
  rogue* self = opaque;
  (void)tx;
  self->seen = self->storage->write(self->ctx, rogue_nothing, self);
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
  self->seen = self->storage->next(self->kept_cursor, NULL, 0, &has_row);
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
  return self->storage->next(self->kept_cursor, NULL, 0, &has_row);
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

stoa_status rogue_do(rogue* self, stoa_str name, stoa_request* request) {
  size_t i;
  for (i = 0; i < sizeof kDeeds / sizeof *kDeeds; ++i) {
    if (strlen(kDeeds[i].name) == name.len && memcmp(kDeeds[i].name, name.ptr, name.len) == 0)
      return kDeeds[i].run(self, request);
  }
  return -1;
}
