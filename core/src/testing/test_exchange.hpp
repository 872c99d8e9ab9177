// A request that came by no socket, and where its answer is waited for.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/server.hpp"

namespace stoa::core::testing {

// What the exchange leaves behind for the one who waits.
class Answer {
 public:
  void set(http::Response response);  // the first wins
  void drop();                        // the host let go of the exchange
  // nullopt when nobody answers in time.
  std::optional<http::Response> wait(std::chrono::milliseconds patience);

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<http::Response> response_;
};

class TestExchange final : public http::Exchange {
 public:
  // Error: malformed, when the edge would not read such a request.
  static Result<std::shared_ptr<TestExchange>> make(
      std::string_view method, std::string_view target,
      const std::vector<std::pair<std::string, std::string>>& fields, std::string body,
      std::shared_ptr<Answer> answer);
  ~TestExchange() override { answer_->drop(); }

  void limit_body(std::uint64_t limit);
  const http::RequestHead& head() const override { return head_; }
  const std::string& body() const override { return body_; }
  bool body_too_large() const override { return too_large_; }
  const std::string& request_id() const override { return id_; }
  const std::string& peer() const override { return peer_; }
  std::chrono::steady_clock::time_point received() const override { return received_; }
  bool respond(http::Response response) override;
  bool answered() const override { return answered_; }
  void detach(std::function<void(int fd, std::string leftover)>) override {}

 private:
  explicit TestExchange(std::shared_ptr<Answer> answer) : answer_(std::move(answer)) {}

  const std::shared_ptr<Answer> answer_;
  http::RequestHead head_;
  std::string body_, id_;
  const std::string peer_ = "127.0.0.1";
  bool too_large_ = false;
  const std::chrono::steady_clock::time_point received_ = std::chrono::steady_clock::now();
  std::atomic<bool> answered_{false};
};

}  // namespace stoa::core::testing
