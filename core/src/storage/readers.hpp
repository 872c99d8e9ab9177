// Read-only connections, lent for the length of a read. As many as reads ever ran at once, up to a limit: a
// thread that ends leaves nothing behind, and the one used last, whose cache is warm, goes out first.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "stoa/result.hpp"
#include "storage/connection.hpp"

namespace stoa::core::storage {

class Readers {
 public:
  Readers(ConnectionOptions options, std::size_t limit, std::chrono::milliseconds patience);
  ~Readers() { close(); }

  class Lease {
   public:
    Lease(Readers& readers, std::unique_ptr<Connection> connection)
        : readers_(&readers), connection_(std::move(connection)) {}
    Lease(Lease&&) = default;
    ~Lease() {
      if (connection_) readers_->give_back(std::move(connection_));
    }
    Connection& operator*() { return *connection_; }

   private:
    Readers* readers_;
    std::unique_ptr<Connection> connection_;
  };

  // [any-thread] Errors: overloaded (none came free in time), unavailable (closed, or the file cannot be
  // opened).
  Result<Lease> lend();
  // [lifecycle] Waits for those that are out.
  void close();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  const ConnectionOptions options_;
  const std::size_t limit_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t out_ = 0;
  bool closed_ = false;
};

}  // namespace stoa::core::storage
