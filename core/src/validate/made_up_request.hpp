// A request without a client.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/request.hpp"

namespace stoa::core::validate {

class MadeUpRequest final : public stoa_request {
 public:
  MadeUpRequest(bool page, std::string body) : page_(page), body_(std::move(body)) {}

  std::string_view body() const override { return body_; }
  std::optional<std::string> query(std::string_view) const override { return std::nullopt; }
  std::string_view header(std::string_view) const override { return {}; }
  bool respond(const stoa_response& response) override { return answer(static_cast<int>(response.status)); }
  bool fail(const stoa::Error& error) override {
    return answer(error.code == ErrorCode::internal || error.code == ErrorCode::unsupported ? 500 : 400);
  }
  bool render(const stoa_page_content& content) override { return answer(static_cast<int>(content.status)); }
  bool answered() const override { return status() != 0; }
  std::chrono::steady_clock::time_point due() const override {
    return std::chrono::steady_clock::time_point::max();
  }
  bool is_page() const override { return page_; }

  // 0: not answered.
  int status() const {
    std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  bool answer(int status) {
    std::lock_guard lock(mutex_);
    if (status_ != 0) return false;
    status_ = status;
    return true;
  }

  const bool page_;
  const std::string body_;
  mutable std::mutex mutex_;
  int status_ = 0;
};

}  // namespace stoa::core::validate
