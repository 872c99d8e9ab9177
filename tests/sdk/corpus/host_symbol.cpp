// Takes a function from the host instead of a library.
#include "skeleton.hpp"

extern "C" int sqlite3_libversion_number(void);

namespace {
void go(bad::Plugin& plugin, stoa_request* request) {
  bad::answer(plugin, request, sqlite3_libversion_number() > 0 ? "{}" : "[]");
}
}  // namespace

BAD_PLUGIN(bad::description<&go>())
