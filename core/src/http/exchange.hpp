// The Exchange that the application holds: a request, and a way back to its connection that survives the
// connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "http/mailbox.hpp"
#include "http/server.hpp"

namespace stoa::core::http {

class LiveExchange final : public Exchange, public std::enable_shared_from_this<LiveExchange> {
 public:
  // What makes up a request and its answer; used again for later requests of the same thread.
  struct Contents {
    RequestHead head;
    std::string body;
    bool body_too_large = false;
    std::string request_id;
    std::string peer;
    std::chrono::steady_clock::time_point received;
    std::string owner;
    Response response;
    std::function<void(int, std::string)> taken;
  };
  // Contents to be used again; touched by its I/O thread only.
  using Pool = std::vector<std::unique_ptr<Contents>>;

  LiveExchange(std::unique_ptr<Contents> contents, std::weak_ptr<Connection> connection,
               std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Pool> pool, std::uint64_t serial);
  ~LiveExchange() override;

  const RequestHead& head() const override { return contents_->head; }
  const std::string& body() const override { return contents_->body; }
  bool body_too_large() const override { return contents_->body_too_large; }
  const std::string& request_id() const override { return contents_->request_id; }
  const std::string& peer() const override { return contents_->peer; }
  std::chrono::steady_clock::time_point received() const override { return contents_->received; }
  bool respond(Response response) override;
  bool answered() const override { return claimed_.load(std::memory_order_acquire); }
  void attribute(std::string_view owner) override { contents_->owner = owner; }
  void detach(std::function<void(int fd, std::string leftover)> taken) override;

  // [io] Below: for the connection.
  Contents& contents() { return *contents_; }
  std::shared_ptr<Connection> connection() const { return connection_.lock(); }
  std::uint64_t serial() const { return serial_; }
  // Around Application::handle. leave() tells whether the answer came meanwhile on this thread; if not it
  // will come, or the exchange will be dropped, through the mailbox.
  void enter();
  bool leave();
  bool claim() { return !claimed_.exchange(true, std::memory_order_acq_rel); }  // true once

 private:
  void deliver();

  std::unique_ptr<Contents> contents_;
  std::weak_ptr<Connection> connection_;
  std::shared_ptr<Mailbox> mailbox_;
  std::shared_ptr<Pool> pool_;
  std::uint64_t serial_;
  std::atomic<bool> claimed_{false};
  bool handed_over_ = false;
  bool inside_handle_ = false;  // [io]
  bool ready_ = false;          // [io]
};

}  // namespace stoa::core::http
