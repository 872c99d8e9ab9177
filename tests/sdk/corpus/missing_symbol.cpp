// Calls what was declared and never written.
#include "skeleton.hpp"

namespace bees {
int forgotten(int count);
}

namespace {
void go(bad::Plugin& plugin, stoa_request* request) {
  bad::answer(plugin, request, bees::forgotten(2) > 0 ? "{}" : "[]");
}
}  // namespace

BAD_PLUGIN(bad::description<&go>())
