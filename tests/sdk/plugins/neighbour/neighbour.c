/* Offers a service and nothing else: the conform plugins watch it come and go. */
#include <string.h>

#include "stoa/stoa.h"

extern const stoa_plugin_desc stoa_generated_desc;

static stoa_str text(const char* literal) {
  stoa_str out = {literal, strlen(literal)};
  return out;
}

typedef struct nod_table {
  uint32_t size;
  uint32_t reserved;
} nod_table;

static stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** self) {
  static const nod_table table = {sizeof table, 0};
  const stoa_services_v1* services = host->get(ctx, text(STOA_SERVICES_ID), sizeof *services);
  *self = NULL;
  return services ? services->provide(ctx, text("neighbour.nod/1"), &table) : STOA_E_UNSUPPORTED;
}

static void destroy(void* self) {
  (void)self;
}

STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void) {
  static stoa_plugin_desc desc;
  desc = stoa_generated_desc;
  desc.create = create;
  desc.destroy = destroy;
  return &desc;
}
