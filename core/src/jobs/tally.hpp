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
  // One that waited is parked, and some older ones are gone for it.
  void park(std::string_view owner, std::int64_t removed) {
    const std::lock_guard lock(mutex_);
    Count& count = of(owner);
    --count.waiting;
    count.parked += 1 - removed;
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
