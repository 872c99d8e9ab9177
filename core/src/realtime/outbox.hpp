// What waits for one socket. [hub]
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "realtime/frames.hpp"

namespace stoa::core::realtime {

// Replayed messages are fetched as the socket drains, so they never count as being slow. Only ephemeral ones
// may be lost.
enum class Weight : std::uint8_t { counted, ephemeral, replayed };

class Outbox {
 public:
  void push(Text text, Weight weight);
  bool empty() const { return waiting_.empty(); }
  // Counted and ephemeral ones.
  std::size_t messages() const { return messages_; }
  std::size_t bytes() const { return bytes_; }
  void drop_ephemeral();
  void clear();
  // The oldest, in order: at least one unless empty, not more than fit into one frame.
  std::vector<Text> take();

 private:
  struct Waiting {
    Text text;
    Weight weight;
  };
  void uncount(const Waiting& waiting);

  std::vector<Waiting> waiting_;
  std::size_t messages_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace stoa::core::realtime
