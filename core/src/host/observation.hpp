// The host's own figures, and who may read them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "metrics/registry.hpp"
#include "plugins/background.hpp"
#include "plugins/request.hpp"

namespace stoa {
class Json;
}

namespace stoa::core::host {

class Observation {
 public:
  // Both outlive it; whatever `parts` names is asked at each reading of the metrics.
  Observation(metrics::Registry& registry, const plugins::HostParts& parts);
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

  // [any-thread] Without a lock.
  void answered(std::string_view plugin, int status, std::chrono::steady_clock::duration took);
  void published(std::size_t events) { events_.at({}).add(static_cast<double>(events)); }

 private:
  void write(metrics::Text& text) const;

  const plugins::HostParts& parts_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  metrics::Family& requests_;
  metrics::Family& seconds_;
  metrics::Family& events_;
};

// [worker] GET /metrics. Unless they are public: 403 for every other machine, and for what came through a
// proxy.
void answer_metrics(stoa_request& request, const metrics::Registry& registry, bool is_public);

// [worker] For administrators: how the plugin says it is, and its jobs, as members of an open JSON object.
void describe(Json& json, plugins::Background& background, std::string_view plugin);

}  // namespace stoa::core::host
