/* Every table of the contract in plain C: what is registered. */
#include "conform.h"

extern const stoa_plugin_desc stoa_generated_desc;

typedef struct route_row {
  const char* method;
  const char* pattern;
  stoa_auth auth;
  stoa_body body;
  void (*handler)(void* self, stoa_request* request);
} route_row;

static stoa_status add_routes(conform* self) {
  static const route_row rows[] = {
      {"POST", "/items/{name:str}", STOA_AUTH_NONE, STOA_BODY_JSON, add_item},
      {"GET", "/items/{id:int}", STOA_AUTH_NONE, STOA_BODY_NONE, find_item},
      {"PATCH", "/items/{id:int}", STOA_AUTH_NONE, STOA_BODY_NONE, rename_item},
      {"GET", "/commits", STOA_AUTH_NONE, STOA_BODY_NONE, commits},
      {"DELETE", "/items/{id:int}/event", STOA_AUTH_NONE, STOA_BODY_NONE, forget_item},
      {"POST", "/items/{name:str}/later", STOA_AUTH_NONE, STOA_BODY_NONE, add_item_later},
      {"GET", "/seen", STOA_AUTH_NONE, STOA_BODY_NONE, seen},
      {"GET", "/sum", STOA_AUTH_NONE, STOA_BODY_NONE, sum},
      {"GET", "/who/{nickname:str}", STOA_AUTH_NONE, STOA_BODY_NONE, who},
      {"GET", "/later", STOA_AUTH_NONE, STOA_BODY_NONE, later},
      {"GET", "/second", STOA_AUTH_NONE, STOA_BODY_NONE, second},
      {"GET", "/me", STOA_AUTH_USER, STOA_BODY_NONE, me},
      {"GET", "/manage", STOA_AUTH_PERMISSION, STOA_BODY_NONE, manage},
      {"GET", "/settings", STOA_AUTH_NONE, STOA_BODY_NONE, settings},
      {"GET", "/configured", STOA_AUTH_NONE, STOA_BODY_NONE, configured},
      {"GET", "/host", STOA_AUTH_NONE, STOA_BODY_NONE, host_values},
      {"GET", "/random", STOA_AUTH_NONE, STOA_BODY_NONE, random_bytes},
      {"GET", "/echo/{rest:str}", STOA_AUTH_OPTIONAL, STOA_BODY_NONE, echo},
      {"GET", "/neighbour", STOA_AUTH_NONE, STOA_BODY_NONE, neighbour},
      {"GET", "/heard", STOA_AUTH_NONE, STOA_BODY_NONE, heard},
      {"POST", "/revoke", STOA_AUTH_USER, STOA_BODY_NONE, revoke},
      {"GET", "/presence/{id:int}", STOA_AUTH_NONE, STOA_BODY_NONE, presence},
      {"POST", "/errands", STOA_AUTH_NONE, STOA_BODY_NONE, add_errand},
      {"GET", "/errands", STOA_AUTH_NONE, STOA_BODY_NONE, errands},
      {"POST", "/timers/once", STOA_AUTH_NONE, STOA_BODY_NONE, ring},
      {"POST", "/timers/often", STOA_AUTH_NONE, STOA_BODY_NONE, repeat},
      {"DELETE", "/timers/often", STOA_AUTH_NONE, STOA_BODY_NONE, stop_repeating},
      {"POST", "/timers/long", STOA_AUTH_NONE, STOA_BODY_NONE, wait_long},
      {"DELETE", "/timers/long", STOA_AUTH_NONE, STOA_BODY_NONE, stop_waiting},
      {"GET", "/timers", STOA_AUTH_NONE, STOA_BODY_NONE, timers},
      {"POST", "/count", STOA_AUTH_NONE, STOA_BODY_NONE, count},
  };
  size_t i;
  for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    char pattern[96];
    stoa_route route;
    stoa_status status;
    snprintf(pattern, sizeof pattern, "/api/v1/x/conform%s", rows[i].pattern);
    memset(&route, 0, sizeof route);
    route.size = sizeof route;
    route.method = text(rows[i].method);
    route.pattern = text(pattern);
    route.auth = rows[i].auth;
    route.permission = text("conform.manage");
    route.body = rows[i].body;
    route.handler = rows[i].handler;
    route.self = self;
    status = self->routes->add(self->ctx, &route);
    if (status != STOA_OK) return status;
  }
  return STOA_OK;
}

static stoa_status add_others(conform* self) {
  const stoa_filter filter = {sizeof filter, 0, text(HOOK), STOA_HOOK_CLOSED, 0, judge, self};
  const stoa_str type = text("auth.user.created");
  const stoa_subscriber subscriber = {sizeof subscriber,
                                      STOA_SUBSCRIBE_DURABLE | STOA_SUBSCRIBE_FROM_OLDEST,
                                      text("users"),
                                      &type,
                                      1,
                                      see_user,
                                      self};
  const stoa_subscriber listener = {sizeof listener, 0, text(""), &type, 1, hear, self};
  const stoa_channel_claim claim = {sizeof claim, 0, text("conform:"), authorize, operate, self};
  const stoa_page page = {sizeof page, 0, text("/x/conform/hello"), text("conform.hello"), hello, self};
  const stoa_command_option name = {sizeof name, STOA_OPTION_REQUIRED, text("name"), text("Whom")};
  const stoa_command_option loud = {sizeof loud, STOA_OPTION_FLAG, text("loud"), text("Louder")};
  const stoa_command_option* const options[] = {&name, &loud};
  const stoa_queue queue = {sizeof queue, 3, text(QUEUE), 1, 0, run_errand, self};
  const stoa_command command = {sizeof command, 0,   text("conform greet"), text("Greets"), options, 2,
                                greet,          self};
  stoa_status status = self->hooks->define(self->ctx, text(HOOK));
  if (status == STOA_OK) status = self->hooks->filter(self->ctx, &filter);
  if (status == STOA_OK) status = self->events->subscribe(self->ctx, &subscriber);
  if (status == STOA_OK) status = self->events->subscribe(self->ctx, &listener);
  if (status == STOA_OK) status = self->realtime->claim(self->ctx, &claim);
  if (status == STOA_OK) status = self->services->provide(self->ctx, text(SERVICE), sum_service);
  if (status == STOA_OK)
    status = self->services->watch(self->ctx, text(NEIGHBOUR), self, neighbour_available, neighbour_gone);
  if (status == STOA_OK)
    status = self->permissions->declare(self->ctx, text("conform.manage"), STOA_ROLE_MODERATOR);
  if (status == STOA_OK) status = self->ui->page(self->ctx, &page);
  if (status == STOA_OK) status = self->commands->add(self->ctx, &command);
  if (status == STOA_OK) status = self->jobs->queue(self->ctx, &queue);
  return status;
}

static stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** out) {
  stoa_status status = STOA_E_UNSUPPORTED;
  conform* self = calloc(1, sizeof *self);
  if (!self) return STOA_E_INTERNAL;
  self->host = host;
  self->ctx = ctx;
  self->second = STOA_OK;
  self->log = host->get(ctx, text(STOA_LOG_ID), sizeof *self->log);
  self->config = host->get(ctx, text(STOA_CONFIG_ID), sizeof *self->config);
  self->routes = host->get(ctx, text(STOA_ROUTES_ID), sizeof *self->routes);
  self->hooks = host->get(ctx, text(STOA_HOOKS_ID), sizeof *self->hooks);
  self->storage = host->get(ctx, text(STOA_STORAGE_ID), sizeof *self->storage);
  self->events = host->get(ctx, text(STOA_EVENTS_ID), sizeof *self->events);
  self->realtime = host->get(ctx, text(STOA_REALTIME_ID), sizeof *self->realtime);
  self->services = host->get(ctx, text(STOA_SERVICES_ID), sizeof *self->services);
  self->clock = host->get(ctx, text(STOA_CLOCK_ID), sizeof *self->clock);
  self->random = host->get(ctx, text(STOA_RANDOM_ID), sizeof *self->random);
  self->permissions = host->get(ctx, text(STOA_PERMISSIONS_ID), sizeof *self->permissions);
  self->ui = host->get(ctx, text(STOA_UI_ID), sizeof *self->ui);
  self->commands = host->get(ctx, text(STOA_COMMANDS_ID), sizeof *self->commands);
  self->jobs = host->get(ctx, text(STOA_JOBS_ID), sizeof *self->jobs);
  self->metrics = host->get(ctx, text(STOA_METRICS_ID), sizeof *self->metrics);
  if (self->log && self->config && self->routes && self->hooks && self->storage && self->events &&
      self->realtime && self->services && self->clock && self->random && self->permissions && self->ui &&
      self->commands && self->jobs && self->metrics) {
    status = add_routes(self);
    if (status == STOA_OK) status = add_others(self);
    if (status == STOA_OK) status = define_metrics(self);
  }
  if (status != STOA_OK) {
    free(self);
    return status;
  }
  *out = self;
  return STOA_OK;
}

static stoa_status start(void* opaque) {
  conform* self = opaque;
  text_buffer json = {{0}, 0};
  const stoa_sink sink = {&json, append};
  const stoa_status status = self->config->settings(self->ctx, &sink);
  if (status != STOA_OK) return status;
  take_settings(self, (stoa_str){json.bytes, json.len});
  self->log->write(self->ctx, STOA_LOG_INFO, text("Conform has started."), NULL, 0);
  self->log->announce(self->ctx, text("Conform greets at"), text("/x/conform/hello"));
  return STOA_OK;
}

static stoa_status drain(void* opaque, uint32_t deadline_ms) {
  conform* self = opaque;
  char number[16];
  stoa_kv key;
  snprintf(number, sizeof number, "%u", (unsigned)deadline_ms);
  key.key = text("deadline_ms");
  key.value = text(number);
  self->log->write(self->ctx, STOA_LOG_INFO, text("Conform drains."), &key, 1);
  return STOA_OK;
}

static stoa_status stop(void* opaque) {
  join(opaque);
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
  desc.drain = drain;
  desc.stop = stop;
  desc.destroy = destroy;
  desc.configure = configure;
  desc.health = health;
  return &desc;
}
