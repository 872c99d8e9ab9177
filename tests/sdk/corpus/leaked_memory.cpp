// Four kilobytes that nobody frees, each time.
#include "skeleton.hpp"

namespace {
bool lost(void* volatile memory) {
  return memory != nullptr;
}
}  // namespace

BAD_PLUGIN([] {
  stoa_plugin_desc out = bad::description<&bad::nothing_bad>();
  out.create = [](const stoa_host* host, stoa_ctx* ctx, void** self) -> stoa_status {
    if (!lost(std::malloc(4096))) return STOA_E_INTERNAL;
    return bad::create<&bad::nothing_bad>(host, ctx, self);
  };
  return out;
}())
