/* All that a request tells, and what the host knows of who asks. */
#include "conform.h"

void echo(void* opaque, stoa_request* request) {
  conform* self = opaque;
  const stoa_routes_v1* routes = self->routes;
  const stoa_str method = routes->method(request), path = routes->path(request), peer = routes->peer(request);
  const stoa_str id = routes->request_id(request);
  const stoa_str header = routes->header(request, text("x-conform"));
  const stoa_str cookie = routes->cookie(request, text("conform"));
  const stoa_str none = routes->header(request, text("X-Nothing"));
  const stoa_status held = self->permissions->check(self->ctx, routes->user(request), text("conform.manage"));
  char body[1024];
  snprintf(
      body, sizeof body,
      "{\"method\":\"%.*s\",\"path\":\"%.*s\",\"peer\":\"%.*s\",\"request_id\":\"%.*s\",\"header\":\"%.*s\","
      "\"cookie\":\"%.*s\",\"nothing\":%s,\"allowed\":%s,\"held\":\"%s\"}",
      (int)method.len, method.ptr, (int)path.len, path.ptr, (int)peer.len, peer.ptr, (int)id.len, id.ptr,
      (int)header.len, header.ptr ? header.ptr : "", (int)cookie.len, cookie.ptr ? cookie.ptr : "",
      none.ptr ? "false" : "true", routes->allowed(request, text("conform.manage")) ? "true" : "false",
      held == STOA_OK                  ? "yes"
      : held == STOA_E_UNAUTHENTICATED ? "nobody"
                                       : "no");
  answer(self, request, 200, body);
}

void me(void* opaque, stoa_request* request) {
  conform* self = opaque;
  const stoa_principal* user = self->routes->user(request);
  char body[128];
  snprintf(body, sizeof body, "{\"nickname\":\"%.*s\"}", (int)user->nickname.len, user->nickname.ptr);
  answer(self, request, 200, body);
}

void manage(void* opaque, stoa_request* request) {
  answer(opaque, request, 204, "");
}
