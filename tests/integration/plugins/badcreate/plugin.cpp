// Throws past the wrapper, straight at the host.
#include <stdexcept>

#include "stoa/stoa.h"

extern "C" const stoa_plugin_desc stoa_generated_desc;

namespace {

stoa_status create(const stoa_host*, stoa_ctx*, void**) {
  throw std::runtime_error("thrown by badcreate");
}
void destroy(void*) {}

}  // namespace

extern "C" STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void) {
  static const stoa_plugin_desc desc = [] {
    stoa_plugin_desc out = stoa_generated_desc;
    out.create = &create;
    out.destroy = &destroy;
    return out;
  }();
  return &desc;
}
