// One deadline for each descriptor. Setting is a store; whoever waits looks through all of them once a tick,
// which for thousands of connections is cheaper than keeping them in order.
#pragma once

#include <chrono>
#include <vector>

namespace stoa::core::http {

class Deadlines {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void set(int descriptor, Time deadline);  // replaces the one before
  void clear(int descriptor);
  // Takes those that are due, in order of descriptors.
  std::vector<int> due(Time now);

 private:
  std::vector<Time> times_;
};

}  // namespace stoa::core::http
