// The note is of this ABI, the description of another.
#include "skeleton.hpp"

BAD_PLUGIN([] {
  stoa_plugin_desc out = bad::description<&bad::nothing_bad>();
  out.abi_major = STOA_ABI_MAJOR + 1;
  return out;
}())
