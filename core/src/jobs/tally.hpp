// How many entries of whom wait and are parked, without asking the database.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "storage/job_table.hpp"

namespace stoa::core::jobs {

using Count = storage::JobCount;

// [any-thread]
class Tally {
 public:
  void set(std::map<std::string, Count> counts) {
    const std::lock_guard lock(mutex_);
    counts_ = {counts.begin(), counts.end()};
  }
  // One more waits; false when there are that many already.
  bool add(std::string_view owner, std::int64_t most) {
    const std::lock_guard lock(mutex_);
    std::int64_t& waiting = of(owner).waiting;
    if (waiting >= most) return false;
    ++waiting;
    return true;
  }
  void remove(std::string_view owner) {
    const std::lock_guard lock(mutex_);
    --of(owner).waiting;
  }
  void park(std::string_view owner, std::int64_t parked) {
    const std::lock_guard lock(mutex_);
    --of(owner).waiting;
    of(owner).parked = parked;
  }
  void unpark(std::string_view owner, std::int64_t entries) {
    const std::lock_guard lock(mutex_);
    of(owner).waiting += entries;
    of(owner).parked -= entries;
  }
  std::map<std::string, Count> all() const {
    const std::lock_guard lock(mutex_);
    return {counts_.begin(), counts_.end()};
  }

 private:
  Count& of(std::string_view owner) {
    const auto found = counts_.find(owner);
    return found != counts_.end() ? found->second : counts_.emplace(owner, Count{}).first->second;
  }
  mutable std::mutex mutex_;
  std::map<std::string, Count, std::less<>> counts_;
};

}  // namespace stoa::core::jobs
