#include "conform.h"

typedef struct sum_table {
  uint32_t size;
  uint32_t reserved;
  int64_t (*add)(int64_t a, int64_t b);
} sum_table;

/* ---- Services */

static int64_t add(int64_t a, int64_t b) {
  return a + b;
}
static const sum_table table_of_sum = {sizeof(sum_table), 0, add};
const void* const sum_service = &table_of_sum;

void sum(void* opaque, stoa_request* request) {
  conform* self = opaque;
  const void* table = NULL;
  stoa_lease lease = 0;
  char body[64];
  const stoa_status status =
      self->services->acquire(self->ctx, text(SERVICE), sizeof(sum_table), &table, &lease);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  snprintf(body, sizeof body, "{\"sum\":%lld}",
           (long long)((const sum_table*)table)
               ->add(number_of(self, request, "a"), number_of(self, request, "b")));
  self->services->release(self->ctx, lease);
  answer(self, request, 200, body);
}

static void take_id(void* out, const stoa_profile* profile) {
  *(int64_t*)out = profile->id;
}

void who(void* opaque, stoa_request* request) {
  conform* self = opaque;
  const stoa_str nickname = self->routes->param(request, text("nickname"));
  const void* table = NULL;
  const stoa_identity_v1* identity;
  stoa_lease lease = 0;
  int64_t id = 0;
  char body[64];
  const stoa_status status =
      self->services->acquire(self->ctx, text(STOA_IDENTITY_ID), sizeof(stoa_identity_v1), &table, &lease);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  identity = table;
  identity->find(identity->self, &nickname, 1, &id, take_id);
  self->services->release(self->ctx, lease);
  if (id == 0) {
    refuse(self, request, STOA_E_NOT_FOUND, "There is nothing here.");
    return;
  }
  snprintf(body, sizeof body, "{\"id\":%lld}", (long long)id);
  answer(self, request, 200, body);
}

/* Called by the lifecycle thread. */
void neighbour_available(void* opaque) {
  conform* self = opaque;
  ++self->available;
}

void neighbour_gone(void* opaque) {
  conform* self = opaque;
  ++self->gone;
}

void neighbour(void* opaque, stoa_request* request) {
  conform* self = opaque;
  char body[64];
  snprintf(body, sizeof body, "{\"available\":%d,\"gone\":%d}", (int)self->available, (int)self->gone);
  answer(self, request, 200, body);
}

/* ---- Later */

static void* answer_later(void* opaque) {
  conform* self = opaque;
  const stoa_response first = response_of(200, text("{\"later\":true}"));
  const stoa_response again = response_of(200, text("{\"later\":\"twice\"}"));
  self->routes->complete(self->ctx, self->deferred, &first);
  if (self->twice) self->second = self->routes->complete(self->ctx, self->deferred, &again);
  return NULL;
}

void join(conform* self) {
  if (self->has_thread) pthread_join(self->thread, NULL);
  self->has_thread = 0;
}

void later(void* opaque, stoa_request* request) {
  conform* self = opaque;
  join(self);
  self->twice = self->routes->query(request, text("twice")).ptr != NULL;
  if (self->routes->defer(request, &self->deferred) != STOA_OK) return;
  self->has_thread = pthread_create(&self->thread, NULL, answer_later, self) == 0;
}

void second(void* opaque, stoa_request* request) {
  conform* self = opaque;
  join(self);
  answer(self, request, 200, self->second == STOA_E_STALE ? "{\"taken\":false}" : "{\"taken\":true}");
}

/* ---- The rest */

void random_bytes(void* opaque, stoa_request* request) {
  conform* self = opaque;
  char a[16], b[16];
  self->random->bytes(self->ctx, a, sizeof a);
  self->random->bytes(self->ctx, b, sizeof b);
  answer(self, request, 200,
         memcmp(a, b, sizeof a) && self->clock->monotonic_ms(self->ctx) > 0 ? "{\"differ\":true}"
                                                                            : "{\"differ\":false}");
}

stoa_status hello(void* opaque, stoa_request* request) {
  conform* self = opaque;
  stoa_page_content page;
  memset(&page, 0, sizeof page);
  page.size = sizeof page;
  page.status = 200;
  page.title = text("Conform says hello");
  page.html = text("<p>Hello from a plugin</p>");
  page.payload = text("{\"hello\":true}");
  return self->ui->render(request, &page);
}

stoa_status greet(void* opaque, stoa_str arguments, const stoa_sink* out) {
  char copy[256], line[128];
  char* name;
  char* end;
  (void)opaque;
  snprintf(copy, sizeof copy, "%.*s", (int)arguments.len, arguments.ptr);
  name = strstr(copy, "\"name\":\"");
  end = name ? strchr(name += 8, '"') : NULL;
  if (!end) return STOA_E_VALIDATION;
  snprintf(line, sizeof line, strstr(copy, "\"loud\":true") ? "HELLO %.*s!\n" : "Hello %.*s.\n",
           (int)(end - name), name);
  out->write(out->self, text(line));
  return STOA_OK;
}
