// How other threads reach an I/O thread. It carries weak references to connections, never descriptors: those
// are reused.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace stoa::core::http {

class Connection;
class LiveExchange;

struct Answered {
  std::shared_ptr<LiveExchange> exchange;
};
// The application let go of an exchange without answering it.
struct Dropped {
  std::weak_ptr<Connection> connection;
  std::uint64_t serial = 0;
  std::string request_id;
};
enum class Command : std::uint8_t {
  finish,   // no new requests: what is idle closes, what is pending is answered first
  abandon,  // close everything; the mailbox closes too
};
using Message = std::variant<Answered, Dropped, Command>;

// Shared by its I/O thread and every exchange of its connections; outlives the thread.
class Mailbox {
 public:
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // An eventfd, to be watched edge-triggered: it becomes readable anew with each wake and is never read.
  int descriptor() const { return descriptor_; }

  // [any-thread] Wakes the owner only if nothing waited. Does nothing once closed.
  void post(Message message);
  void wake() const;

  // [io] From the owner.
  void adopt() { owner_ = std::this_thread::get_id(); }  // before the first exchange is made
  bool is_owner() const { return std::this_thread::get_id() == owner_; }
  void take(std::vector<Message>& into);  // `into` is empty and lends its memory
  void close();

 private:
  int descriptor_;
  std::thread::id owner_;
  std::mutex mutex_;
  std::vector<Message> messages_;
  bool closed_ = false;
};

}  // namespace stoa::core::http
