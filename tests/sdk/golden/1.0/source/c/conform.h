/* What the files of this plugin share. What it answers is what the C++ one answers. */
#ifndef CONFORM_H
#define CONFORM_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stoa/services/identity.h"
#include "stoa/stoa.h"

#define HOOK "conform.item.create/1"
#define SERVICE "conform.sum/1"

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
  pthread_t thread; /* answers the deferred request */
  int has_thread;
  int twice; /* answer once more, to see it refused */
  stoa_deferred deferred;
  stoa_status second;
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

/* items.c: hook, storage, events */
stoa_hook_verdict judge(void* self, stoa_str payload, const stoa_sink* modified);
void add_item(void* self, stoa_request* request);
void find_item(void* self, stoa_request* request);
stoa_status see_user(void* self, stoa_tx* tx, const stoa_event* event);
void seen(void* self, stoa_request* request);

/* others.c: realtime, services, deferred answers, a page, a command */
extern const void* const sum_service;
stoa_status authorize(void* self, const stoa_principal* user, stoa_str channel);
stoa_status operate(void* self, const stoa_operation* operation);
void sum(void* self, stoa_request* request);
void who(void* self, stoa_request* request);
void later(void* self, stoa_request* request);
void second(void* self, stoa_request* request);
void join(conform* self);
void me(void* self, stoa_request* request);
void manage(void* self, stoa_request* request);
void settings(void* self, stoa_request* request);
void random_bytes(void* self, stoa_request* request);
stoa_status hello(void* self, stoa_request* request);
stoa_status greet(void* self, stoa_str arguments, const stoa_sink* out);

#endif
