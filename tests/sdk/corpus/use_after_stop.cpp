// A thread that goes on asking the host after stop and destroy.
#include <atomic>
#include <chrono>
#include <thread>

#include "skeleton.hpp"

BAD_PLUGIN([] {
  stoa_plugin_desc out = bad::description<&bad::nothing_bad>();
  out.stop = [](void* self) -> stoa_status {
    const bad::Plugin plugin = *static_cast<bad::Plugin*>(self);
    std::thread([plugin] {
      for (int i = 0; i < 20; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        plugin.clock->now_ms(plugin.ctx);
      }
    }).detach();
    return STOA_OK;
  };
  return out;
}())
