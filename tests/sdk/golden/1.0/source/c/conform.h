/* What the files of this plugin share. What it answers is what the C++ one answers. */
#ifndef CONFORM_H
#define CONFORM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stoa/services/identity.h"
#include "stoa/stoa.h"

#define HOOK "conform.item.create/1"
#define SERVICE "conform.sum/1"
#define NEIGHBOUR "neighbour.nod/1"
#define QUEUE "errands"

typedef struct conform {
  const stoa_host* host;
  stoa_ctx* ctx;
  const stoa_log_v1* log;
  const stoa_config_v1* config;
  const stoa_routes_v1* routes;
  const stoa_hooks_v1* hooks;
  const stoa_storage_v1* storage;
  const stoa_events_v1* events;
  const stoa_realtime_v1* realtime;
  const stoa_services_v1* services;
  const stoa_clock_v1* clock;
  const stoa_random_v1* random;
  const stoa_permissions_v1* permissions;
  const stoa_ui_v1* ui;
  const stoa_commands_v1* commands;
  const stoa_jobs_v1* jobs;
  const stoa_metrics_v1* metrics;

  pthread_t thread; /* answers the deferred request */
  int has_thread;
  int twice; /* answer once more, to see it refused */
  stoa_deferred deferred;
  stoa_status second;

  /* Written by threads of the host, read by handlers. */
  atomic_int committed, dropped;       /* of on_commit */
  atomic_int heard;                    /* by the live subscriber */
  atomic_int available, gone;          /* the neighbour */
  atomic_int configured, silent;       /* settings */
  atomic_int tried, done, early;       /* errands */
  atomic_int rung, ticks, begun, told; /* timers */
  atomic_ullong repeating, waiting;    /* stoa_job; 0: none */
  char failed[64];                     /* payload of the errand that failed last; [jobs], one at a time */

  stoa_metric asked, level, seconds;
} conform;

typedef struct text_buffer {
  char bytes[512];
  size_t len;
} text_buffer;

/* answers.c */
stoa_str text(const char* literal);
int is(stoa_str a, const char* b);
void append(void* buffer, stoa_str bytes);
stoa_error error_of(stoa_status status, const char* message);
stoa_response response_of(uint32_t status, stoa_str body);
void answer(conform* self, stoa_request* request, uint32_t status, const char* body);
void refuse(conform* self, stoa_request* request, stoa_status status, const char* message);
/* The details of the host call that just failed become the answer. */
void pass_on(conform* self, stoa_request* request, stoa_status status);
/* Inside a closure that fails: the details of the host call that just failed become the closure's. */
void keep_error(conform* self);
/* A number of the query; 0: there is none. */
int64_t number_of(conform* self, const stoa_request* request, const char* name);

/* items.c: hook, storage, events */
stoa_hook_verdict judge(void* self, stoa_str payload, const stoa_sink* modified);
void add_item(void* self, stoa_request* request);
void find_item(void* self, stoa_request* request);
stoa_status see_user(void* self, stoa_tx* tx, const stoa_event* event);
void seen(void* self, stoa_request* request);

/* changes.c: of items; what comes with a commit */
void rename_item(void* self, stoa_request* request);
void commits(void* self, stoa_request* request);
void forget_item(void* self, stoa_request* request);
void add_item_later(void* self, stoa_request* request);

/* jobs.c: a queue, timers */
stoa_status run_errand(void* self, stoa_job job, stoa_str payload);
void add_errand(void* self, stoa_request* request);
void errands(void* self, stoa_request* request);
void ring(void* self, stoa_request* request);
void repeat(void* self, stoa_request* request);
void stop_repeating(void* self, stoa_request* request);
void wait_long(void* self, stoa_request* request);
void stop_waiting(void* self, stoa_request* request);
void timers(void* self, stoa_request* request);

/* metrics.c */
stoa_status define_metrics(conform* self);
void count(void* self, stoa_request* request);

/* requests.c: all of a request, and whom the host knows */
void echo(void* self, stoa_request* request);
void me(void* self, stoa_request* request);
void manage(void* self, stoa_request* request);

/* settings.c: settings, facts of the host, health */
void settings(void* self, stoa_request* request);
void host_values(void* self, stoa_request* request);
void take_settings(conform* self, stoa_str json);
stoa_status configure(void* self, stoa_str json);
void configured(void* self, stoa_request* request);
stoa_status health(void* self, const stoa_sink* detail);

/* realtime.c */
stoa_status authorize(void* self, const stoa_principal* user, stoa_str channel);
stoa_status operate(void* self, const stoa_operation* operation);
void revoke(void* self, stoa_request* request);
void presence(void* self, stoa_request* request);
stoa_status hear(void* self, stoa_tx* tx, const stoa_event* event);
void heard(void* self, stoa_request* request);

/* others.c: services, deferred answers, a page, a command */
extern const void* const sum_service;
void sum(void* self, stoa_request* request);
void who(void* self, stoa_request* request);
void neighbour_available(void* self);
void neighbour_gone(void* self);
void neighbour(void* self, stoa_request* request);
void later(void* self, stoa_request* request);
void second(void* self, stoa_request* request);
void join(conform* self);
void random_bytes(void* self, stoa_request* request);
stoa_status hello(void* self, stoa_request* request);
stoa_status greet(void* self, stoa_str arguments, const stoa_sink* out);

#endif
