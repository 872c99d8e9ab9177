// A thread that nobody ends.
#include <chrono>
#include <thread>

#include "skeleton.hpp"

BAD_PLUGIN([] {
  stoa_plugin_desc out = bad::description<&bad::nothing_bad>();
  out.start = [](void*) -> stoa_status {
    std::thread([] {
      for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
    }).detach();
    return STOA_OK;
  };
  return out;
}())
