/* Changes of items: what happens at the commit and not before, what others forget with it, and one nobody
 * waits for. */
#include "conform.h"

typedef struct change {
  conform* self;
  int64_t id;
  stoa_str name;
  int keep; /* the cached answer */
  int fail;
  stoa_deferred deferred; /* of one that nobody waits for */
  char copy[64];
} change;

static void committed(void* opaque) {
  conform* self = opaque;
  ++self->committed;
}

static void dropped(void* opaque) {
  conform* self = opaque;
  ++self->dropped;
}

static stoa_status rename_in(const change* it, stoa_tx* tx) {
  conform* self = it->self;
  stoa_value values[2];
  char bytes[32];
  stoa_str tag;
  stoa_status status = self->storage->on_commit(tx, self, committed, dropped);
  if (status != STOA_OK) return status;
  memset(values, 0, sizeof values);
  values[0].type = STOA_INTEGER;
  values[0].as.integer = it->id;
  values[1].type = STOA_TEXT;
  values[1].as.text = it->name;
  status = self->storage->exec(tx, text("UPDATE conform_item SET name = ?2 WHERE id = ?1"), values, 2, NULL);
  if (status != STOA_OK || it->keep) return status;
  snprintf(bytes, sizeof bytes, "item:%lld", (long long)it->id);
  tag = text(bytes);
  return self->storage->drop_tags(tx, &tag, 1);
}

static stoa_status rename_or_say_why(void* opaque, stoa_tx* tx) {
  const change* it = opaque;
  const stoa_status status = rename_in(it, tx);
  if (status != STOA_OK) {
    keep_error(it->self);
  } else if (it->fail) {
    const stoa_error error = error_of(STOA_E_CONFLICT, "Not this time.");
    it->self->host->set_error(it->self->ctx, &error);
    return STOA_E_CONFLICT;
  }
  return status;
}

static int64_t id_of(conform* self, stoa_request* request) {
  const stoa_str id = self->routes->param(request, text("id"));
  char number[32];
  snprintf(number, sizeof number, "%.*s", (int)id.len, id.ptr);
  return strtoll(number, NULL, 10);
}

void rename_item(void* opaque, stoa_request* request) {
  conform* self = opaque;
  change it;
  stoa_status status;
  memset(&it, 0, sizeof it);
  it.self = self;
  it.id = id_of(self, request);
  it.name = self->routes->query(request, text("name"));
  if (!it.name.ptr) it.name = text("renamed");
  it.keep = self->routes->query(request, text("keep")).ptr != NULL;
  it.fail = self->routes->query(request, text("fail")).ptr != NULL;
  status = self->storage->write(self->ctx, rename_or_say_why, &it);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  answer(self, request, 204, "");
}

void commits(void* opaque, stoa_request* request) {
  conform* self = opaque;
  char body[64];
  snprintf(body, sizeof body, "{\"committed\":%d,\"dropped\":%d}", (int)self->committed, (int)self->dropped);
  answer(self, request, 200, body);
}

static stoa_status redact_item(void* opaque, stoa_tx* tx) {
  const change* it = opaque;
  char subject[32];
  stoa_status status;
  snprintf(subject, sizeof subject, "item:%lld", (long long)it->id);
  status = it->self->events->redact(tx, text(subject));
  if (status != STOA_OK) keep_error(it->self);
  return status;
}

void forget_item(void* opaque, stoa_request* request) {
  conform* self = opaque;
  change it;
  stoa_status status;
  memset(&it, 0, sizeof it);
  it.self = self;
  it.id = id_of(self, request);
  status = self->storage->write(self->ctx, redact_item, &it);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  answer(self, request, 204, "");
}

/* ---- Without waiting */

static stoa_status insert_later(void* opaque, stoa_tx* tx) {
  change* it = opaque;
  conform* self = it->self;
  stoa_value values[4];
  stoa_status status;
  memset(values, 0, sizeof values);
  values[0].type = STOA_TEXT;
  values[0].as.text = text(it->copy);
  values[1].type = STOA_NULL;
  values[2].type = STOA_TEXT;
  values[2].as.text = text("{}");
  values[3].type = STOA_INTEGER;
  values[3].as.integer = self->clock->now_ms(self->ctx);
  status = self->storage->exec(
      tx, text("INSERT INTO conform_item (name, weight, data, at) VALUES (?1, ?2, ?3, ?4)"), values, 4, NULL);
  if (status == STOA_OK)
    it->id = self->storage->last_insert_id(tx);
  else
    keep_error(self);
  return status;
}

static void complete_error(void* opaque, const stoa_error* error) {
  change* it = opaque;
  it->self->routes->complete_error(it->self->ctx, it->deferred, error);
}

static void answer_at_last(void* opaque, stoa_status status) {
  change* it = opaque;
  conform* self = it->self;
  if (status == STOA_OK) {
    char body[64];
    stoa_response response;
    snprintf(body, sizeof body, "{\"id\":%lld}", (long long)it->id);
    response = response_of(201, text(body));
    self->routes->complete(self->ctx, it->deferred, &response);
  } else {
    self->host->last_error(self->ctx, it, complete_error);
  }
  free(it);
}

void add_item_later(void* opaque, stoa_request* request) {
  conform* self = opaque;
  const stoa_str name = self->routes->param(request, text("name"));
  change* it = calloc(1, sizeof *it);
  stoa_status status;
  if (!it) {
    refuse(self, request, STOA_E_OVERLOADED, "There is no memory.");
    return;
  }
  it->self = self;
  snprintf(it->copy, sizeof it->copy, "%.*s", (int)name.len, name.ptr);
  if (self->routes->defer(request, &it->deferred) != STOA_OK) {
    free(it);
    pass_on(self, request, STOA_E_UNAVAILABLE);
    return;
  }
  status = self->storage->write_async(self->ctx, insert_later, it, answer_at_last);
  if (status != STOA_OK) answer_at_last(it, status);
}
