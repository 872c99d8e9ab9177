#pragma once

#include <cstdint>

#include "writing.hpp"

namespace stoa::posts {

// [worker] Takes deleted texts away for good. Votes and reading positions stay: numbers that lead nowhere.
class PurgeService {
 public:
  explicit PurgeService(const Tools& tools) : tools_(tools) {}

  struct Purged {
    std::int64_t posts = 0;
    std::int64_t comments = 0;  // also those of the posts
  };
  // What was deleted at that time or before, in short transactions.
  Result<Purged> purge(std::int64_t until) const;

 private:
  const Tools& tools_;
};

}  // namespace stoa::posts
