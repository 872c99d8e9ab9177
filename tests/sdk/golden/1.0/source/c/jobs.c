/* A durable queue and timers. */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "conform.h"

/* ---- The queue: the first attempt of each errand fails. */

stoa_status run_errand(void* opaque, stoa_job job, stoa_str payload) {
  conform* self = opaque;
  char copy[64];
  const char* number;
  if (payload.len >= sizeof copy) return STOA_E_VALIDATION;
  snprintf(copy, sizeof copy, "%.*s", (int)payload.len, payload.ptr);
  if (self->jobs->stopping(self->ctx, job)) return STOA_E_UNAVAILABLE; /* again at the next start */
  ++self->tried;
  number = strchr(copy, ':');
  if (number && self->clock->now_ms(self->ctx) < strtoll(number + 1, NULL, 10)) ++self->early;
  if (strcmp(self->failed, copy) != 0) {
    const stoa_error error = error_of(STOA_E_UNAVAILABLE, "Not at the first attempt.");
    snprintf(self->failed, sizeof self->failed, "%s", copy);
    self->host->set_error(self->ctx, &error);
    return STOA_E_UNAVAILABLE;
  }
  self->failed[0] = 0;
  ++self->done;
  return STOA_OK;
}

typedef struct errand {
  conform* self;
  int64_t not_before; /* 0: at once */
} errand;

static stoa_status enqueue(void* opaque, stoa_tx* tx) {
  const errand* it = opaque;
  char payload[64];
  stoa_status status;
  snprintf(payload, sizeof payload, "{\"not_before\":%lld}", (long long)it->not_before);
  status = it->self->jobs->enqueue(tx, text(QUEUE), text(payload), it->not_before);
  if (status != STOA_OK) keep_error(it->self);
  return status;
}

void add_errand(void* opaque, stoa_request* request) {
  conform* self = opaque;
  const int64_t delay = number_of(self, request, "delay");
  errand it = {self, delay ? self->clock->now_ms(self->ctx) + delay : 0};
  const stoa_status status = self->storage->write(self->ctx, enqueue, &it);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  answer(self, request, 202, "{}");
}

void errands(void* opaque, stoa_request* request) {
  conform* self = opaque;
  char body[96];
  snprintf(body, sizeof body, "{\"tried\":%d,\"done\":%d,\"early\":%d}", (int)self->tried, (int)self->done,
           (int)self->early);
  answer(self, request, 200, body);
}

/* ---- Timers */

static void rung(void* opaque, stoa_job job) {
  conform* self = opaque;
  (void)job;
  ++self->rung;
}

static void tick(void* opaque, stoa_job job) {
  conform* self = opaque;
  (void)job;
  ++self->ticks;
}

/* Until it is told to end. */
static void wait_until_told(void* opaque, stoa_job job) {
  conform* self = opaque;
  const struct timespec moment = {0, 5000000};
  ++self->begun;
  while (!self->jobs->stopping(self->ctx, job)) nanosleep(&moment, NULL);
  ++self->told;
}

static void answer_started(conform* self, stoa_request* request, stoa_status status) {
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  answer(self, request, 202, "{}");
}

/* Not one that is no more: the second time says so. */
static void answer_cancelled(conform* self, stoa_request* request, stoa_job job) {
  const stoa_status status = job ? self->jobs->cancel(self->ctx, job) : STOA_E_STALE;
  if (status != STOA_OK && status != STOA_E_STALE) {
    pass_on(self, request, status);
    return;
  }
  answer(self, request, 200, status == STOA_OK ? "{\"cancelled\":true}" : "{\"cancelled\":false}");
}

void ring(void* opaque, stoa_request* request) {
  conform* self = opaque;
  stoa_job job = 0;
  answer_started(self, request, self->jobs->after(self->ctx, 1, self, rung, &job));
}

void repeat(void* opaque, stoa_request* request) {
  conform* self = opaque;
  stoa_job job = 0;
  const stoa_status status = self->jobs->every(self->ctx, 100, self, tick, &job);
  if (status == STOA_OK) self->repeating = job;
  answer_started(self, request, status);
}

void stop_repeating(void* opaque, stoa_request* request) {
  conform* self = opaque;
  answer_cancelled(self, request, self->repeating);
}

void wait_long(void* opaque, stoa_request* request) {
  conform* self = opaque;
  stoa_job job = 0;
  const stoa_status status = self->jobs->after(self->ctx, 0, self, wait_until_told, &job);
  if (status == STOA_OK) self->waiting = job;
  answer_started(self, request, status);
}

void stop_waiting(void* opaque, stoa_request* request) {
  conform* self = opaque;
  answer_cancelled(self, request, self->waiting);
}

void timers(void* opaque, stoa_request* request) {
  conform* self = opaque;
  char body[96];
  snprintf(body, sizeof body, "{\"rung\":%d,\"ticks\":%d,\"begun\":%d,\"told\":%d}", (int)self->rung,
           (int)self->ticks, (int)self->begun, (int)self->told);
  answer(self, request, 200, body);
}
