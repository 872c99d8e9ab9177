// A file that nobody closes.
#include <fcntl.h>

#include "skeleton.hpp"

BAD_PLUGIN([] {
  stoa_plugin_desc out = bad::description<&bad::nothing_bad>();
  out.start = [](void*) -> stoa_status {
    return ::open("/dev/zero", O_RDONLY) < 0 ? STOA_E_INTERNAL : STOA_OK;
  };
  return out;
}())
