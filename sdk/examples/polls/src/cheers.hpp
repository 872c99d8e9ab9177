// Cheers of half a second are told as one: a crowd is one message, not a thousand.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include <stoa/stoa.hpp>

namespace stoa::polls {

class Cheers {
 public:
  explicit Cheers(App& app) : app_(app) {}

  // [worker] Errors: overloaded.
  Result<void> add(const std::string& channel);
  // [lifecycle] What was not told yet is not told any more.
  void stop();

 private:
  void tell(const std::string& channel);

  struct Waiting {
    std::int64_t count = 0;
    Timer timer;
  };
  App& app_;
  std::mutex mutex_;
  std::map<std::string, Waiting> waiting_;
};

}  // namespace stoa::polls
