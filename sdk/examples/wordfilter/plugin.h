/* One generation of this plugin. */
#ifndef WORDFILTER_PLUGIN_H
#define WORDFILTER_PLUGIN_H

#include <stoa/stoa.h>

#include "words.h"

typedef struct plugin {
  const stoa_host* host;
  stoa_ctx* ctx;
  const stoa_log_v1* log;
  const stoa_config_v1* config;
  const stoa_hooks_v1* hooks;
  const stoa_routes_v1* routes;
  const stoa_permissions_v1* permissions;
  /* Filters read it on any worker while `configure` puts a newer one in front; none is freed before destroy. */
  _Atomic(words*) words;
} plugin;

#endif /* WORDFILTER_PLUGIN_H */
