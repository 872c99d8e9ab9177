#include "routes.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"

static const char* const kPermission = "wordfilter.use";

static stoa_str text(const char* literal) {
  stoa_str out = {literal, strlen(literal)};
  return out;
}

static int same(stoa_str a, const char* literal) {
  return a.len == strlen(literal) && memcmp(a.ptr, literal, a.len) == 0;
}

static void put(const stoa_sink* out, const char* literal) {
  out->write(out->self, text(literal));
}

/* {"words":["…"]}; the schema of the settings lets in nothing that would need an escape. */
static void list_words(const words* list, const stoa_sink* out) {
  size_t i;
  put(out, "{\"words\":[");
  for (i = 0; i < list->count; ++i) {
    put(out, i ? ",\"" : "\"");
    out->write(out->self, list->all[i]);
    put(out, "\"");
  }
  put(out, "]}");
}

/* Of {"text":"…"}: {"text":"…"} as it would be; 0 when it is something else. */
static int try_text(const words* list, stoa_str body, const stoa_sink* out) {
  scan found = scan_of(body);
  if (!scan_next(&found) || !same(found.key, "text")) return 0;
  put(out, "{\"text\":\"");
  words_mask(list, found.value, out);
  put(out, "\"}");
  return 1;
}

static void refuse(plugin* self, stoa_request* request, stoa_status status, const char* message) {
  stoa_error error;
  memset(&error, 0, sizeof error);
  error.size = sizeof error;
  error.status = status;
  error.message = text(message);
  self->routes->fail(request, &error);
}

/* [worker] Both methods of the one path. */
static void serve(void* opaque, stoa_request* request) {
  plugin* self = opaque;
  const words* list = atomic_load(&self->words);
  const stoa_str method = self->routes->method(request);
  const stoa_kv keys[] = {{text("method"), method},
                          {text("path"), self->routes->path(request)},
                          {text("asked_as"), self->routes->request_id(request)}};
  buffer out = {NULL, 0, 0};
  const stoa_sink sink = buffer_sink(&out);
  stoa_response response;
  int good = 1;
  self->log->write(self->ctx, STOA_LOG_DEBUG, text("The words were looked at."), keys, 3);
  if (same(method, "GET")) {
    list_words(list, &sink);
  } else {
    good = try_text(list, self->routes->body(request), &sink);
  }
  if (!good) {
    refuse(self, request, STOA_E_VALIDATION, "The body must be {\"text\":\"…\"}.");
  } else if (out.failed) {
    refuse(self, request, STOA_E_INTERNAL, "");
  } else {
    memset(&response, 0, sizeof response);
    response.size = sizeof response;
    response.status = 200;
    response.body = buffer_text(&out);
    self->routes->respond(request, &response);
  }
  free(out.ptr);
}

stoa_status routes_add(plugin* self) {
  const char* const methods[] = {"GET", "POST"};
  const stoa_body bodies[] = {STOA_BODY_NONE, STOA_BODY_JSON};
  stoa_status status = self->permissions->declare(self->ctx, text(kPermission), STOA_ROLE_MODERATOR);
  size_t i;
  for (i = 0; status == STOA_OK && i < 2; ++i) {
    stoa_route route;
    memset(&route, 0, sizeof route);
    route.size = sizeof route;
    route.auth = STOA_AUTH_PERMISSION;
    route.permission = text(kPermission);
    route.method = text(methods[i]);
    route.body = bodies[i];
    route.pattern = text("/api/v1/x/wordfilter/words");
    route.handler = serve;
    route.self = self;
    status = self->routes->add(self->ctx, &route);
  }
  return status;
}
