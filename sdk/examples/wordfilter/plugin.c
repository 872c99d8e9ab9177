/* A filter of posts and comments in plain C: it includes stoa.h and the C library, and nothing else. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <stoa/stoa.h>

#include "plugin.h"
#include "routes.h"
#include "scan.h"

/* Made of plugin.json and openapi.json. */
extern const stoa_plugin_desc stoa_generated_desc;

static stoa_str text(const char* literal) {
  stoa_str out = {literal, strlen(literal)};
  return out;
}

static int same(stoa_str a, const char* literal) {
  return a.len == strlen(literal) && memcmp(a.ptr, literal, a.len) == 0;
}

/* ---- The filter */

static void put(const stoa_sink* out, const char* ptr, size_t len) {
  const stoa_str bytes = {ptr, len};
  if (len > 0) out->write(out->self, bytes);
}

static stoa_hook_verdict reject(plugin* self, stoa_str key) {
  stoa_field_error field;
  const stoa_field_error* fields[1];
  stoa_error error;
  memset(&field, 0, sizeof field);
  field.size = sizeof field;
  field.pointer = same(key, "title") ? text("/title") : text("/body");
  field.code = text("unwanted_word");
  field.detail = text("contains a word that is not wanted here");
  fields[0] = &field;
  memset(&error, 0, sizeof error);
  error.size = sizeof error;
  error.status = STOA_E_VALIDATION;
  error.message = text("This text has a word that is not wanted here.");
  error.fields = fields;
  error.field_count = 1;
  self->host->set_error(self->ctx, &error);
  return STOA_HOOK_REJECTED;
}

/* [worker] The payload's "title" and "body" are what somebody wrote; all else is left as it is. */
static stoa_hook_verdict filter(void* opaque, stoa_str payload, const stoa_sink* modified) {
  plugin* self = opaque;
  const words* list = atomic_load(&self->words);
  scan found = scan_of(payload);
  size_t copied = 0; /* of the payload, to `modified` */
  int changed = 0;
  if (list->count == 0) return STOA_HOOK_CONTINUE;
  while (scan_next(&found)) {
    size_t at = 0, length = 0;
    if (!same(found.key, "title") && !same(found.key, "body")) continue;
    if (!words_find(list, found.value, 0, &at, &length)) continue;
    if (list->rejects) return reject(self, found.key);
    at = (size_t)(found.value.ptr - payload.ptr);
    put(modified, payload.ptr + copied, at - copied);
    words_mask(list, found.value, modified);
    copied = at + found.value.len;
    changed = 1;
  }
  if (!changed) return STOA_HOOK_CONTINUE;
  put(modified, payload.ptr + copied, payload.len - copied);
  return STOA_HOOK_MODIFIED;
}

static stoa_status add_filter(plugin* self, const char* hook) {
  stoa_filter added;
  memset(&added, 0, sizeof added);
  added.size = sizeof added;
  added.priority = 100; /* late: what other filters put in is looked at too */
  added.hook = text(hook);
  added.on_error = STOA_HOOK_CLOSED;
  added.call = filter;
  added.self = self;
  return self->hooks->filter(self->ctx, &added);
}

/* ---- Lifecycle */

static stoa_status configure(void* opaque, stoa_str settings) {
  plugin* self = opaque;
  words* list = words_read(settings);
  if (!list) return STOA_E_INTERNAL;
  list->next = atomic_load(&self->words);
  atomic_store(&self->words, list);
  return STOA_OK;
}

static stoa_status read_settings(plugin* self) {
  buffer out = {NULL, 0, 0};
  const stoa_sink sink = buffer_sink(&out);
  stoa_status status = self->config->settings(self->ctx, &sink);
  if (status == STOA_OK) status = out.failed ? STOA_E_INTERNAL : configure(self, buffer_text(&out));
  free(out.ptr);
  return status;
}

static void destroy(void* opaque) {
  plugin* self = opaque;
  words* list = atomic_load(&self->words);
  while (list) {
    words* next = list->next;
    words_free(list);
    list = next;
  }
  free(self);
}

static stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** out) {
  stoa_status status = STOA_E_UNSUPPORTED;
  plugin* self = calloc(1, sizeof *self);
  if (!self) return STOA_E_INTERNAL;
  self->host = host;
  self->ctx = ctx;
  atomic_init(&self->words, NULL);
  self->log = host->get(ctx, text(STOA_LOG_ID), sizeof(stoa_log_v1));
  self->config = host->get(ctx, text(STOA_CONFIG_ID), sizeof(stoa_config_v1));
  self->hooks = host->get(ctx, text(STOA_HOOKS_ID), sizeof(stoa_hooks_v1));
  self->routes = host->get(ctx, text(STOA_ROUTES_ID), sizeof(stoa_routes_v1));
  self->permissions = host->get(ctx, text(STOA_PERMISSIONS_ID), sizeof(stoa_permissions_v1));
  if (self->log && self->config && self->hooks && self->routes && self->permissions) {
    status = read_settings(self);
    if (status == STOA_OK) status = routes_add(self);
    if (status == STOA_OK) status = add_filter(self, "posts.post.create/1");
    if (status == STOA_OK) status = add_filter(self, "posts.comment.create/1");
  }
  if (status != STOA_OK) {
    destroy(self);
    return status;
  }
  *out = self;
  return STOA_OK;
}

static stoa_status start(void* opaque) {
  plugin* self = opaque;
  if (atomic_load(&self->words)->count == 0)
    self->log->write(self->ctx, STOA_LOG_INFO, text("No words are set; nothing is filtered."), NULL, 0);
  return STOA_OK;
}

STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void) {
  static stoa_plugin_desc desc;
  desc = stoa_generated_desc;
  desc.create = create;
  desc.start = start;
  desc.destroy = destroy;
  desc.configure = configure;
  return &desc;
}
