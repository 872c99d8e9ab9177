/* What a plugin is without the C++ wrapper: GET /api/v1/x/plainc/hello?name=Ann answers {"hello":"Ann"}. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stoa/stoa.h"

/* Made from plugin.json by stoa_add_plugin(). */
extern const stoa_plugin_desc stoa_generated_desc;

typedef struct plainc {
  stoa_ctx* ctx;
  const stoa_routes_v1* routes;
  const stoa_log_v1* log;
} plainc;

static stoa_str text(const char* literal) {
  stoa_str out = {literal, strlen(literal)};
  return out;
}

/* Letters only, so that nothing needs escaping. */
static int is_plain(stoa_str name) {
  size_t i;
  if (name.len == 0 || name.len > 32) return 0;
  for (i = 0; i < name.len; ++i) {
    const char c = name.ptr[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return 0;
  }
  return 1;
}

static void refuse(plainc* self, stoa_request* request) {
  const stoa_field_error field = {sizeof field, 0, text("/name"), text("letters"),
                                  text("Must be 1 to 32 letters.")};
  const stoa_field_error* const fields[] = {&field};
  stoa_error error;
  memset(&error, 0, sizeof error);
  error.size = sizeof error;
  error.status = STOA_E_VALIDATION;
  error.message = text("This is no name.");
  error.fields = fields;
  error.field_count = 1;
  self->routes->fail(request, &error);
}

static void hello(void* opaque, stoa_request* request) {
  plainc* self = opaque;
  stoa_str name = self->routes->query(request, text("name"));
  stoa_response response;
  char body[64];
  if (!name.ptr) name = text("world");
  if (!is_plain(name)) {
    refuse(self, request);
    return;
  }
  snprintf(body, sizeof body, "{\"hello\":\"%.*s\"}", (int)name.len, name.ptr);
  memset(&response, 0, sizeof response);
  response.size = sizeof response;
  response.status = 200;
  response.body = text(body);
  response.audience = STOA_AUDIENCE_PERSONAL;
  self->routes->respond(request, &response);
}

static stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** out) {
  stoa_route route;
  plainc* self = calloc(1, sizeof *self);
  if (!self) return STOA_E_INTERNAL;
  self->ctx = ctx;
  self->routes = host->get(ctx, text(STOA_ROUTES_ID), sizeof(stoa_routes_v1));
  self->log = host->get(ctx, text(STOA_LOG_ID), sizeof(stoa_log_v1));
  memset(&route, 0, sizeof route);
  route.size = sizeof route;
  route.auth = STOA_AUTH_NONE;
  route.method = text("GET");
  route.pattern = text("/api/v1/x/plainc/hello");
  route.handler = hello;
  route.self = self;
  if (!self->routes || !self->log || self->routes->add(ctx, &route) != STOA_OK) {
    free(self);
    return STOA_E_UNSUPPORTED;
  }
  *out = self;
  return STOA_OK;
}

static stoa_status start(void* opaque) {
  plainc* self = opaque;
  self->log->write(self->ctx, STOA_LOG_INFO, text("Plain C says hello."), NULL, 0);
  return STOA_OK;
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
  return &desc;
}
