// A description that says it is nothing.
#include "skeleton.hpp"

BAD_PLUGIN([] {
  stoa_plugin_desc out = bad::description<&bad::nothing_bad>();
  out.size = 0;
  return out;
}())
