#include "conform.h"

stoa_str text(const char* literal) {
  stoa_str out = {literal, strlen(literal)};
  return out;
}

int is(stoa_str a, const char* b) {
  return a.len == strlen(b) && memcmp(a.ptr, b, a.len) == 0;
}

void append(void* opaque, stoa_str bytes) {
  text_buffer* out = opaque;
  const size_t room = sizeof out->bytes - out->len;
  const size_t count = bytes.len < room ? bytes.len : room;
  memcpy(out->bytes + out->len, bytes.ptr, count);
  out->len += count;
}

stoa_error error_of(stoa_status status, const char* message) {
  stoa_error error;
  memset(&error, 0, sizeof error);
  error.size = sizeof error;
  error.status = status;
  error.message = text(message);
  return error;
}

stoa_response response_of(uint32_t status, stoa_str body) {
  stoa_response response;
  memset(&response, 0, sizeof response);
  response.size = sizeof response;
  response.status = status;
  response.body = body;
  return response;
}

void answer(conform* self, stoa_request* request, uint32_t status, const char* body) {
  const stoa_response response = response_of(status, text(body));
  self->routes->respond(request, &response);
}

void refuse(conform* self, stoa_request* request, stoa_status status, const char* message) {
  const stoa_error error = error_of(status, message);
  self->routes->fail(request, &error);
}

typedef struct forwarding {
  conform* self;
  stoa_request* request;
  stoa_status status;
} forwarding;

static void forward(void* opaque, const stoa_error* error) {
  forwarding* to = opaque;
  stoa_error copy = *error;
  copy.status = to->status;
  to->self->routes->fail(to->request, &copy);
}

void pass_on(conform* self, stoa_request* request, stoa_status status) {
  forwarding to = {self, request, status};
  self->host->last_error(self->ctx, &to, forward);
}

static void keep(void* opaque, const stoa_error* error) {
  conform* self = opaque;
  self->host->set_error(self->ctx, error);
}

void keep_error(conform* self) {
  self->host->last_error(self->ctx, self, keep);
}

int64_t number_of(conform* self, const stoa_request* request, const char* name) {
  const stoa_str value = self->routes->query(request, text(name));
  char digits[32];
  snprintf(digits, sizeof digits, "%.*s", (int)value.len, value.ptr ? value.ptr : "");
  return strtoll(digits, NULL, 10);
}
