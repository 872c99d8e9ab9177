// Answers one request twice.
#include "skeleton.hpp"

namespace {
void go(bad::Plugin& plugin, stoa_request* request) {
  bad::answer(plugin, request, R"({"answer":1})");
  bad::answer(plugin, request, R"({"answer":2})");
}
}  // namespace

BAD_PLUGIN(bad::description<&go>())
