// What the bad plugins share: GET …/go does the misdeed, GET …/fine answers. Bad plugins are written against
// the C header, so that no wrapper saves the host from them.
#pragma once

#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "stoa/stoa.h"

extern "C" const stoa_plugin_desc stoa_generated_desc;

namespace bad {

struct Plugin {
  const stoa_host* host;
  stoa_ctx* ctx;
  const stoa_log_v1* log;
  const stoa_routes_v1* routes;
  const stoa_storage_v1* storage;
  const stoa_clock_v1* clock;
};

inline stoa_str text(std::string_view literal) {
  return {literal.data(), literal.size()};
}
inline std::string id() {
  return std::string(stoa_generated_desc.id.ptr, stoa_generated_desc.id.len);
}

inline stoa_response response(std::string_view body) {
  stoa_response out{};
  out.size = sizeof out;
  out.status = 200;
  out.body = text(body);
  return out;
}
inline void answer(Plugin& plugin, stoa_request* request, std::string_view body) {
  const stoa_response out = response(body);
  plugin.routes->respond(request, &out);
}

inline stoa_status add_get(Plugin& plugin, const std::string& name, void (*handler)(void*, stoa_request*)) {
  const std::string pattern = "/api/v1/x/" + id() + "/" + name;
  stoa_route route{};
  route.size = sizeof route;
  route.method = text("GET");
  route.pattern = text(pattern);
  route.deadline_ms = 500;
  route.handler = handler;
  route.self = &plugin;
  return plugin.routes->add(plugin.ctx, &route);
}

template <class Table>
bool fetch(Plugin& plugin, const Table*& table, const char* id) {
  table = static_cast<const Table*>(plugin.host->get(plugin.ctx, text(id), sizeof(Table)));
  return table != nullptr;
}

template <void (*Go)(Plugin&, stoa_request*)>
stoa_status create(const stoa_host* host, stoa_ctx* ctx, void** self) {
  auto* plugin = static_cast<Plugin*>(std::calloc(1, sizeof(Plugin)));
  plugin->host = host;
  plugin->ctx = ctx;
  stoa_status status = STOA_E_UNSUPPORTED;
  if (fetch(*plugin, plugin->log, STOA_LOG_ID) && fetch(*plugin, plugin->routes, STOA_ROUTES_ID) &&
      fetch(*plugin, plugin->storage, STOA_STORAGE_ID) && fetch(*plugin, plugin->clock, STOA_CLOCK_ID)) {
    status = add_get(*plugin, "go", [](void* p, stoa_request* r) { Go(*static_cast<Plugin*>(p), r); });
    if (status == STOA_OK)
      status = add_get(*plugin, "fine",
                       [](void* p, stoa_request* r) { answer(*static_cast<Plugin*>(p), r, "{}"); });
  }
  if (status != STOA_OK) {
    std::free(plugin);
    return status;
  }
  *self = plugin;
  return STOA_OK;
}

inline void destroy(void* self) {
  std::free(self);
}

// The description of a plugin whose GET …/go is `Go`; for more, change it before it is returned.
template <void (*Go)(Plugin&, stoa_request*)>
stoa_plugin_desc description() {
  stoa_plugin_desc out = stoa_generated_desc;
  out.create = &create<Go>;
  out.destroy = &destroy;
  return out;
}

inline void nothing_bad(Plugin& plugin, stoa_request* request) {
  answer(plugin, request, "{}");
}

}  // namespace bad

#define BAD_PLUGIN(...)                                                 \
  extern "C" STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void) { \
    static const stoa_plugin_desc desc = __VA_ARGS__;                   \
    return &desc;                                                       \
  }
