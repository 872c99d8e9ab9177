// Bytes that are no text: in an answer, and in the log.
#include "skeleton.hpp"

namespace {
void go(bad::Plugin& plugin, stoa_request* request) {
  plugin.log->write(plugin.ctx, STOA_LOG_INFO, bad::text("\xc3\x28 is not text"), nullptr, 0);
  bad::answer(plugin, request, "{\"name\":\"\xff\xfe\"}");
}
}  // namespace

BAD_PLUGIN(bad::description<&go>())
