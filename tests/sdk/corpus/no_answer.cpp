// Neither answers nor defers.
#include "skeleton.hpp"

namespace {
void go(bad::Plugin&, stoa_request*) {}
}  // namespace

BAD_PLUGIN(bad::description<&go>())
