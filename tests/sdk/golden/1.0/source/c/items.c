#include "conform.h"

typedef struct item {
  conform* self;
  int64_t id;
  stoa_str name;
  int has_weight;
  double weight;
  stoa_str data;
  uint64_t seq;
  int found;
  char json[1024];
} item;

stoa_hook_verdict judge(void* opaque, stoa_str payload, const stoa_sink* modified) {
  conform* self = opaque;
  if (is(payload, "\"refused\"")) {
    const stoa_field_error field = {sizeof field, 0, text("/name"), text("refused"),
                                    text("Another one, please.")};
    const stoa_field_error* const fields[] = {&field};
    stoa_error error = error_of(STOA_E_VALIDATION, "This name is not wanted.");
    error.fields = fields;
    error.field_count = 1;
    self->host->set_error(self->ctx, &error);
    return STOA_HOOK_REJECTED;
  }
  if (is(payload, "\"plain\"")) {
    modified->write(modified->self, text("\"changed\""));
    return STOA_HOOK_MODIFIED;
  }
  return STOA_HOOK_CONTINUE;
}

static stoa_status insert_item(void* opaque, stoa_tx* tx) {
  item* it = opaque;
  conform* self = it->self;
  stoa_value values[4];
  char subject[32], data[256];
  const stoa_str channel = text("conform:items");
  stoa_new_event event;
  stoa_status status;
  memset(values, 0, sizeof values);
  values[0].type = STOA_TEXT;
  values[0].as.text = it->name;
  values[1].type = it->has_weight ? STOA_REAL : STOA_NULL;
  if (it->has_weight) values[1].as.real = it->weight;
  values[2].type = STOA_TEXT;
  values[2].as.text = it->data;
  values[3].type = STOA_INTEGER;
  values[3].as.integer = self->clock->now_ms(self->ctx);
  status = self->storage->exec(
      tx, text("INSERT INTO conform_item (name, weight, data, at) VALUES (?1, ?2, ?3, ?4)"), values, 4, NULL);
  if (status != STOA_OK) return status;
  it->id = self->storage->last_insert_id(tx);
  snprintf(subject, sizeof subject, "item:%lld", (long long)it->id);
  snprintf(data, sizeof data, "{\"id\":%lld,\"name\":\"%.*s\"}", (long long)it->id, (int)it->name.len,
           it->name.ptr);
  memset(&event, 0, sizeof event);
  event.size = sizeof event;
  event.type = text("conform.item.created");
  event.subject = text(subject);
  event.channels = &channel;
  event.channel_count = 1;
  event.data = text(data);
  return self->events->emit(tx, &event, &it->seq);
}

/* The error of a failed closure is the closure's own, so it says why. */
static stoa_status insert_or_say_why(void* opaque, stoa_tx* tx) {
  item* it = opaque;
  const stoa_status status = insert_item(it, tx);
  if (status != STOA_OK) keep_error(it->self);
  return status;
}

void add_item(void* opaque, stoa_request* request) {
  conform* self = opaque;
  const stoa_str name = self->routes->param(request, text("name"));
  const stoa_str weight = self->routes->query(request, text("weight"));
  char payload[128], number[32], body[96];
  text_buffer checked = {{0}, 0};
  const stoa_sink sink = {&checked, append};
  item it;
  stoa_status status;
  memset(&it, 0, sizeof it);
  snprintf(payload, sizeof payload, "\"%.*s\"", (int)name.len, name.ptr);
  status = self->hooks->fire(self->ctx, text(HOOK), text(payload), &sink);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  it.self = self;
  it.name.ptr = checked.bytes + 1;
  it.name.len = checked.len - 2;
  it.data = self->routes->body(request);
  if (weight.ptr) {
    snprintf(number, sizeof number, "%.*s", (int)weight.len, weight.ptr);
    it.has_weight = 1;
    it.weight = strtod(number, NULL);
  }
  status = self->storage->write(self->ctx, insert_or_say_why, &it);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  snprintf(body, sizeof body, "{\"id\":%lld,\"seq\":%llu}", (long long)it.id, (unsigned long long)it.seq);
  answer(self, request, 201, body);
}

static stoa_status select_item(void* opaque, stoa_tx* tx) {
  item* it = opaque;
  const stoa_storage_v1* storage = it->self->storage;
  const stoa_type types[] = {STOA_TEXT, STOA_REAL, STOA_TEXT};
  stoa_value id, columns[3];
  stoa_cursor* cursor = NULL;
  char weight[32] = "null";
  stoa_status status;
  memset(&id, 0, sizeof id);
  id.type = STOA_INTEGER;
  id.as.integer = it->id;
  status = storage->query(tx, text("SELECT name, weight, data FROM conform_item WHERE id = ?1"), &id, 1,
                          types, 3, &cursor);
  if (status != STOA_OK) return status;
  status = storage->next(cursor, columns, 3, &it->found);
  if (status == STOA_OK && it->found) {
    if (columns[1].type == STOA_REAL) snprintf(weight, sizeof weight, "%f", columns[1].as.real);
    snprintf(it->json, sizeof it->json, "{\"id\":%lld,\"name\":\"%.*s\",\"weight\":%s,\"data\":%.*s}",
             (long long)it->id, (int)columns[0].as.text.len, columns[0].as.text.ptr, weight,
             (int)columns[2].as.text.len, columns[2].as.text.ptr);
  }
  storage->close(cursor);
  return status == STOA_OK ? storage->log_head(tx, &it->seq) : status;
}

void find_item(void* opaque, stoa_request* request) {
  conform* self = opaque;
  const stoa_str id = self->routes->param(request, text("id"));
  char number[32];
  stoa_response response;
  stoa_str tag;
  stoa_status status;
  item it;
  memset(&it, 0, sizeof it);
  it.self = self;
  snprintf(number, sizeof number, "item:%.*s", (int)id.len, id.ptr);
  it.id = strtoll(number + 5, NULL, 10);
  status = self->storage->read(self->ctx, select_item, &it);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  if (!it.found) {
    refuse(self, request, STOA_E_NOT_FOUND, "There is nothing here.");
    return;
  }
  tag = text(number);
  response = response_of(200, text(it.json));
  response.audience = STOA_AUDIENCE_SHARED;
  response.tags = &tag;
  response.tag_count = 1;
  response.seq = it.seq;
  self->routes->respond(request, &response);
}

/* ---- Events */

stoa_status see_user(void* opaque, stoa_tx* tx, const stoa_event* event) {
  conform* self = opaque;
  stoa_value values[2];
  memset(values, 0, sizeof values);
  values[0].type = STOA_INTEGER;
  values[0].as.integer = (int64_t)event->seq;
  values[1].type = STOA_INTEGER;
  values[1].as.integer = event->time_ms;
  return self->storage->exec(tx, text("INSERT INTO conform_seen (user_id, at) VALUES (?1, ?2)"), values, 2,
                             NULL);
}

static stoa_status count_seen(void* opaque, stoa_tx* tx) {
  item* it = opaque;
  const stoa_storage_v1* storage = it->self->storage;
  const stoa_type type = STOA_INTEGER;
  stoa_value value;
  stoa_cursor* cursor = NULL;
  stoa_status status =
      storage->query(tx, text("SELECT count(*) FROM conform_seen"), NULL, 0, &type, 1, &cursor);
  if (status != STOA_OK) return status;
  status = storage->next(cursor, &value, 1, &it->found);
  if (status == STOA_OK) it->id = value.as.integer;
  storage->close(cursor);
  return status;
}

void seen(void* opaque, stoa_request* request) {
  conform* self = opaque;
  char body[64];
  stoa_status status;
  item it;
  memset(&it, 0, sizeof it);
  it.self = self;
  status = self->storage->read(self->ctx, count_seen, &it);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  snprintf(body, sizeof body, "{\"users\":%lld}", (long long)it.id);
  answer(self, request, 200, body);
}
