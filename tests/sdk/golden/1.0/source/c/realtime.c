/* Channels, who listens to them, and a live subscriber. */
#include "conform.h"

stoa_status authorize(void* opaque, const stoa_principal* user, stoa_str channel) {
  (void)opaque;
  if (is(channel, "conform:items")) return STOA_OK;
  if (!is(channel, "conform:members")) return STOA_E_NOT_FOUND;
  return user ? STOA_OK : STOA_E_UNAUTHENTICATED;
}

stoa_status operate(void* opaque, const stoa_operation* operation) {
  conform* self = opaque;
  const stoa_str by = operation->user ? operation->user->nickname : text("a stranger");
  char data[128];
  if (!is(operation->op, "wave")) return STOA_E_MALFORMED;
  snprintf(data, sizeof data, "{\"by\":\"%.*s\"}", (int)by.len, by.ptr);
  return self->realtime->ephemeral(self->ctx, operation->channel, text("conform.waved"), text(data),
                                   text(""));
}

typedef struct revocation {
  conform* self;
  int64_t user_id;
} revocation;

static stoa_status revoke_user(void* opaque, stoa_tx* tx) {
  const revocation* it = opaque;
  return it->self->realtime->revoke(tx, text("conform:members"), it->user_id);
}

void revoke(void* opaque, stoa_request* request) {
  conform* self = opaque;
  revocation it = {self, self->routes->user(request)->user_id};
  const stoa_status status = self->storage->write(self->ctx, revoke_user, &it);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  answer(self, request, 204, "");
}

void presence(void* opaque, stoa_request* request) {
  static const char* const names[] = {"offline", "away", "online"};
  conform* self = opaque;
  const stoa_str id = self->routes->param(request, text("id"));
  char number[32], body[64];
  snprintf(number, sizeof number, "%.*s", (int)id.len, id.ptr);
  snprintf(body, sizeof body, "{\"presence\":\"%s\"}",
           names[self->realtime->presence(self->ctx, strtoll(number, NULL, 10))]);
  answer(self, request, 200, body);
}

stoa_status hear(void* opaque, stoa_tx* tx, const stoa_event* event) {
  conform* self = opaque;
  if (!tx && is(event->type, "auth.user.created") && is(event->owner, "auth")) ++self->heard;
  return STOA_OK;
}

void heard(void* opaque, stoa_request* request) {
  conform* self = opaque;
  char body[64];
  snprintf(body, sizeof body, "{\"users\":%d}", (int)self->heard);
  answer(self, request, 200, body);
}
