#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stoa/stoa.h>

#include "@ID@_sql.h" /* made of sql/ */

/* Made of plugin.json, migrations/ and openapi.json. */
extern const stoa_plugin_desc stoa_generated_desc;

/* One generation of this plugin. */
typedef struct plugin {
  stoa_ctx* ctx;
  const stoa_routes_v1* routes;
  const stoa_storage_v1* storage;
  const stoa_clock_v1* clock;
  const stoa_ui_v1* ui;
} plugin;

static stoa_str text(const char* literal) {
  stoa_str out = {literal, strlen(literal)};
  return out;
}

static void fail(plugin* self, stoa_request* request, stoa_status status) {
  stoa_error error;
  memset(&error, 0, sizeof error);
  error.size = sizeof error;
  error.status = status;
  self->routes->fail(request, &error);
}

/* ---- Storage */

typedef struct count {
  plugin* self;
  int64_t visits;
} count;

static stoa_status count_in(void* opaque, stoa_tx* tx) {
  count* counted = opaque;
  const stoa_storage_v1* storage = counted->self->storage;
  const stoa_type types[] = {STOA_INTEGER};
  stoa_cursor* cursor = NULL;
  stoa_value value;
  int has_row = 0;
  stoa_status status = storage->query(tx, text(@ID@_sql_count_visits), NULL, 0, types, 1, &cursor);
  if (status != STOA_OK) return status;
  status = storage->next(cursor, &value, 1, &has_row);
  if (status == STOA_OK && has_row) counted->visits = value.as.integer;
  storage->close(cursor);
  return status;
}

typedef struct visit {
  plugin* self;
  stoa_str name;
} visit;

static stoa_status add_in(void* opaque, stoa_tx* tx) {
  visit* added = opaque;
  stoa_value values[2];
  int64_t changed = 0;
  memset(values, 0, sizeof values);
  values[0].type = STOA_TEXT;
  values[0].as.text = added->name;
  values[1].type = STOA_INTEGER;
  values[1].as.integer = added->self->clock->now_ms(added->self->ctx);
  return added->self->storage->exec(tx, text(@ID@_sql_add_visit), values, 2, &changed);
}

/* ---- Routes and pages */

static void get_visits(void* opaque, stoa_request* request) {
  plugin* self = opaque;
  count counted = {self, 0};
  stoa_response response;
  char body[64];
  const stoa_status status = self->storage->read(self->ctx, count_in, &counted);
  if (status != STOA_OK) {
    fail(self, request, status);
    return;
  }
  snprintf(body, sizeof body, "{\"visits\":%lld}", (long long)counted.visits);
  memset(&response, 0, sizeof response);
  response.size = sizeof response;
  response.status = 200;
  response.body = text(body);
  self->routes->respond(request, &response);
}

static void post_visits(void* opaque, stoa_request* request) {
  plugin* self = opaque;
  visit added = {self, self->routes->user(request)->nickname};
  stoa_response response;
  const stoa_status status = self->storage->write(self->ctx, add_in, &added);
  if (status != STOA_OK) {
    fail(self, request, status);
    return;
  }
  memset(&response, 0, sizeof response);
  response.size = sizeof response;
  response.status = 204;
  self->routes->respond(request, &response);
}

/* What readers without scripts, search engines and the first paint get. */
static stoa_status show_page(void* opaque, stoa_request* request) {
  plugin* self = opaque;
  count counted = {self, 0};
  stoa_page_content page;
  char html[128];
  const stoa_status status = self->storage->read(self->ctx, count_in, &counted);
  if (status != STOA_OK) return status;
  snprintf(html, sizeof html, "<h1 class=\"stoa-heading\">@ID@</h1><p>%lld came by.</p>", (long long)counted.visits);
  memset(&page, 0, sizeof page);
  page.size = sizeof page;
  page.status = 200;
  page.title = text("@ID@");
  page.html = text(html);
  return self->ui->render(request, &page);
}

/* ---- Lifecycle */

static stoa_status add_route(plugin* self, const char* method, stoa_auth auth,
                             void (*handler)(void* self, stoa_request* request)) {
  stoa_route route;
  memset(&route, 0, sizeof route);
  route.size = sizeof route;
  route.auth = auth;
  route.method = text(method);
  route.pattern = text("/api/v1/x/@ID@/visits");
  route.handler = handler;
  route.self = self;
  return self->routes->add(self->ctx, &route);
}

static stoa_status add_page(plugin* self) {
  stoa_page page;
  memset(&page, 0, sizeof page);
  page.size = sizeof page;
  page.pattern = text("/x/@ID@");
  page.name = text("@ID@.home");
  page.handler = show_page;
  page.self = self;
  return self->ui->page(self->ctx, &page);
}

static stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** out) {
  stoa_status status = STOA_E_UNSUPPORTED;
  plugin* self = calloc(1, sizeof *self);
  if (!self) return STOA_E_INTERNAL;
  self->ctx = ctx;
  self->routes = host->get(ctx, text(STOA_ROUTES_ID), sizeof(stoa_routes_v1));
  self->storage = host->get(ctx, text(STOA_STORAGE_ID), sizeof(stoa_storage_v1));
  self->clock = host->get(ctx, text(STOA_CLOCK_ID), sizeof(stoa_clock_v1));
  self->ui = host->get(ctx, text(STOA_UI_ID), sizeof(stoa_ui_v1));
  if (self->routes && self->storage && self->clock && self->ui) {
    status = add_route(self, "GET", STOA_AUTH_NONE, get_visits);
    if (status == STOA_OK) status = add_route(self, "POST", STOA_AUTH_USER, post_visits);
    if (status == STOA_OK) status = add_page(self);
  }
  if (status != STOA_OK) {
    free(self);
    return status;
  }
  *out = self;
  return STOA_OK;
}

static void destroy(void* self) {
  free(self);
}

STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void) {
  static stoa_plugin_desc desc;
  desc = stoa_generated_desc;
  desc.create = create;
  desc.destroy = destroy;
  return &desc;
}
