// Completes an answer that was given already, and one that was never owed.
#include "skeleton.hpp"

namespace {
void go(bad::Plugin& plugin, stoa_request* request) {
  stoa_deferred token = 0;
  if (plugin.routes->defer(request, &token) != STOA_OK) return;
  const stoa_response response = bad::response("{}");
  plugin.routes->complete(plugin.ctx, token, &response);
  plugin.routes->complete(plugin.ctx, token, &response);
  plugin.routes->complete(plugin.ctx, token + 1'000'000, &response);
}
}  // namespace

BAD_PLUGIN(bad::description<&go>())
