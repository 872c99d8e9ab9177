/* Settings as the host keeps them, facts of the host, and whether this plugin is well. */
#include "conform.h"

void settings(void* opaque, stoa_request* request) {
  conform* self = opaque;
  text_buffer all = {{0}, 0};
  const stoa_sink sink = {&all, append};
  stoa_response response;
  self->config->settings(self->ctx, &sink);
  response = response_of(200, (stoa_str){all.bytes, all.len});
  self->routes->respond(request, &response);
}

void host_values(void* opaque, stoa_request* request) {
  conform* self = opaque;
  text_buffer name = {{0}, 0}, url = {{0}, 0}, nothing = {{0}, 0};
  const stoa_sink to_name = {&name, append}, to_url = {&url, append}, to_nothing = {&nothing, append};
  char body[1200];
  stoa_status status = self->config->host_value(self->ctx, text("forum.name"), &to_name);
  if (status == STOA_OK) status = self->config->host_value(self->ctx, text("http.public_url"), &to_url);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  status = self->config->host_value(self->ctx, text("conform.nothing"), &to_nothing);
  snprintf(body, sizeof body, "{\"name\":%.*s,\"url\":%.*s,\"nothing\":%s}", (int)name.len, name.bytes,
           (int)url.len, url.bytes, status == STOA_E_NOT_FOUND ? "true" : "false");
  answer(self, request, 200, body);
}

static int greets_with(stoa_str json, const char* greeting) {
  char copy[512], pair[64];
  snprintf(copy, sizeof copy, "%.*s", (int)json.len, json.ptr);
  snprintf(pair, sizeof pair, "\"greeting\":\"%s\"", greeting);
  return strstr(copy, pair) != NULL;
}

void take_settings(conform* self, stoa_str json) {
  self->silent = greets_with(json, "Silence");
}

stoa_status configure(void* opaque, stoa_str json) {
  conform* self = opaque;
  if (greets_with(json, "Refused")) {
    const stoa_error error = error_of(STOA_E_VALIDATION, "This greeting is not wanted.");
    self->host->set_error(self->ctx, &error);
    return STOA_E_VALIDATION;
  }
  take_settings(self, json);
  ++self->configured;
  return STOA_OK;
}

void configured(void* opaque, stoa_request* request) {
  conform* self = opaque;
  char body[64];
  snprintf(body, sizeof body, "{\"times\":%d}", (int)self->configured);
  answer(self, request, 200, body);
}

stoa_status health(void* opaque, const stoa_sink* detail) {
  conform* self = opaque;
  if (!self->silent) return STOA_OK;
  detail->write(detail->self, text("There is nothing to greet with."));
  return STOA_E_UNAVAILABLE;
}
