// Entries of durable queues: core_job, but for what Transaction::enqueue writes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "stoa/result.hpp"
#include "storage/database.hpp"

namespace stoa::core::storage {

struct JobEntry {
  std::int64_t id = 0;
  std::string payload;
  std::int64_t attempts = 0;  // that failed
};

struct JobCount {
  std::int64_t waiting = 0;
  std::int64_t parked = 0;
};

// [jobs] Times are the wall clock's milliseconds.
class JobTable {
 public:
  explicit JobTable(Database& database) : database_(database) {}

  // The entry of that queue whose turn it is at `now`; or when there will be one (nothing: it is empty).
  struct Next {
    std::optional<JobEntry> entry;
    std::optional<std::int64_t> at;
  };
  Result<Next> next(std::string_view owner, std::string_view queue, std::int64_t now);
  Result<void> remove(std::int64_t id);
  Result<void> postpone(std::int64_t id, std::int64_t attempts, std::int64_t until, std::string_view error);
  // Of an owner's parked entries the newest `most` (1 or more) are kept. How many were removed.
  Result<std::int64_t> park(std::string_view owner, std::int64_t id, std::int64_t attempts, std::int64_t now,
                            std::string_view error, std::int64_t most);
  // All parked entries of that owner wait again, from `now` on, as if they had never been tried. How many
  // there were.
  Result<std::int64_t> unpark(std::string_view owner, std::int64_t now);
  // By owner, of everybody.
  Result<std::map<std::string, JobCount>> counts();
  // Queues of that owner in which something waits.
  Result<std::set<std::string>> queues(std::string_view owner);

 private:
  Database& database_;
};

}  // namespace stoa::core::storage
