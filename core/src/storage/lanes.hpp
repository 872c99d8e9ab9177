// Waiting write closures, one lane for each owner, served in turn so that a busy owner delays itself first.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>

#include "storage/database.hpp"

namespace stoa::core::storage {

struct WriteItem {
  std::string owner = {};
  Database::Work work = {};
  Database::Done done = {};
  bool low_priority = false;
  bool may_be_long = false;  // the host's own, as a migration
  bool as_host = false;      // acts for the host itself, not for `owner`
};

// Not synchronised.
class Lanes {
 public:
  void push(WriteItem item) {
    auto& lane = lanes_[item.owner];
    if (lane.empty()) turns_.push_back(&lane);
    lane.push_back(std::move(item));
    ++size_;
  }
  // Requires size() > 0.
  WriteItem pop() {
    auto* lane = turns_.front();
    turns_.pop_front();
    WriteItem item = std::move(lane->front());
    lane->pop_front();
    if (!lane->empty()) turns_.push_back(lane);
    --size_;
    return item;
  }
  std::size_t size() const { return size_; }

 private:
  std::unordered_map<std::string, std::deque<WriteItem>> lanes_;
  std::deque<std::deque<WriteItem>*> turns_;
  std::size_t size_ = 0;
};

}  // namespace stoa::core::storage
