// Registers a route when registering is over.
#include "skeleton.hpp"

BAD_PLUGIN([] {
  stoa_plugin_desc out = bad::description<&bad::nothing_bad>();
  out.start = [](void* self) -> stoa_status {
    bad::add_get(*static_cast<bad::Plugin*>(self), "late", [](void*, stoa_request*) {});
    return STOA_OK;
  };
  return out;
}())
