// Keeps the search index up in the background: what is new lies beyond a mark, what changed is on a list, so
// that writing costs nothing more and a crash loses nothing.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "stoa/stoa.hpp"

namespace stoa::posts {

class Indexer {
 public:
  // `app` outlives it.
  explicit Indexer(App& app) : app_(app) {}
  ~Indexer() { stop(); }

  void start();  // [lifecycle] Begins with what was left over.
  void stop();   // [lifecycle] Ends its thread; what is left waits for the next start.

  void wake();  // [any-thread] Something was committed.
  // [worker] Waits a moment until everything that was committed before the call can be found; not when there
  // is too much of it.
  void settle();

 private:
  void run();
  // False: there is more.
  bool index_some();

  App& app_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t wanted_ = 1;  // counts wakes
  std::uint64_t reached_ = 0;
  int waiting_ = 0;  // settle() calls
  bool far_behind_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace stoa::posts
