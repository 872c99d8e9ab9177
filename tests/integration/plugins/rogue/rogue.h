/* What both sources of the rogue share. */
#ifndef ROGUE_H
#define ROGUE_H

#include <string.h>

#include "stoa/stoa.h"

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

static inline stoa_str text(const char* literal) {
  stoa_str out = {literal, strlen(literal)};
  return out;
}

static inline stoa_response response_of(const char* body) {
  stoa_response response;
  memset(&response, 0, sizeof response);
  response.size = sizeof response;
  response.status = 200;
  response.body = text(body);
  return response;
}

/* Does the deed of that name; what the host said to it, -1 for an unknown one. */
stoa_status rogue_do(rogue* self, stoa_str name, stoa_request* request);
stoa_status rogue_nothing(void* self, stoa_tx* tx);

#endif /* ROGUE_H */
