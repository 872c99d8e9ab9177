// What connections share with the I/O thread that owns them, and ask of it. Everything here is [io], except
// where it says otherwise.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "http/date.hpp"
#include "http/deadlines.hpp"
#include "http/exchange.hpp"
#include "http/mailbox.hpp"
#include "http/output.hpp"
#include "http/request_id.hpp"
#include "http/server.hpp"

namespace stoa::core::http {

// [any-thread] Written by one I/O thread each, read by all.
struct Counters {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> pending{0};

  // One writer: no need for a locked instruction.
  static void add(std::atomic<std::uint64_t>& counter, std::uint64_t difference) {
    counter.store(counter.load(std::memory_order_relaxed) + difference, std::memory_order_relaxed);
  }
};

// [any-thread] What the I/O threads of one server share.
struct Edge {
  Edge(ServerOptions chosen, Application& host) : options(std::move(chosen)), application(host) {}

  ServerOptions options;              // constant once serving
  std::size_t refused_at_once = 256;  // the same: connections beyond the limit that still get their 503
  // Open here, and where they were handed over to.
  std::size_t open() const {
    return connections.load(std::memory_order_relaxed) + (options.elsewhere ? options.elsewhere() : 0);
  }
  Application& application;
  std::atomic<std::size_t> connections{0};
  std::atomic<bool> stopping{false};

  std::mutex mutex;
  std::condition_variable changed;  // a connection closed while stopping, or a thread abandoned its own
  std::size_t abandoned = 0;
  std::vector<std::shared_ptr<Mailbox>> mailboxes;
  std::vector<std::shared_ptr<Counters>> counters;
};

class IoThread {
 public:
  explicit IoThread(std::shared_ptr<Edge> edge);
  virtual ~IoThread() = default;

  // From here on the loop also tells when the socket takes bytes again.
  virtual void watch_writes(int descriptor) = 0;
  // Closes the descriptor and forgets the connection, which stays valid until the running event is dealt
  // with.
  virtual void drop(int descriptor) = 0;
  // The same, but the socket lives on under the number returned; -1 when there is none left.
  virtual int release(int descriptor) = 0;
  // Gives the connection another turn after all others had theirs.
  virtual void again(int descriptor) = 0;

  std::unique_ptr<LiveExchange::Contents> take_contents();
  // The application's refusal; a bare one when it has none that can be sent.
  Response refusal(int status, const std::string& request_id);

  Edge& edge() { return *edge_; }
  const ServerOptions& options() const { return edge_->options; }
  Application& application() { return edge_->application; }
  const std::shared_ptr<Edge>& shared_edge() const { return edge_; }

  std::vector<char> input;  // one read buffer for all
  Output burst;             // answers of the connection whose turn it is
  Date date;
  Deadlines deadlines;
  RequestIds ids;
  std::shared_ptr<Mailbox> mailbox;
  std::shared_ptr<Counters> counters;
  std::shared_ptr<LiveExchange::Pool> pool;
  std::unique_ptr<LiveExchange::Contents> next;  // where the next head is read into

 private:
  std::shared_ptr<Edge> edge_;
};

}  // namespace stoa::core::http
