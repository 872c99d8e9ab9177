#include "testing/test_exchange.hpp"

#include "http/reader.hpp"
#include "http/request_id.hpp"

namespace stoa::core::testing {

void Answer::set(http::Response response) {
  std::lock_guard lock(mutex_);
  if (!response_) response_ = std::move(response);
  wake_.notify_all();
}

void Answer::drop() {
  set({.status = 500});
}

std::optional<http::Response> Answer::wait(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!wake_.wait_for(lock, patience, [&] { return response_.has_value(); })) return std::nullopt;
  return response_;
}

Result<std::shared_ptr<TestExchange>> TestExchange::make(
    std::string_view method, std::string_view target,
    const std::vector<std::pair<std::string, std::string>>& fields, std::string body,
    std::shared_ptr<Answer> answer) {
  std::shared_ptr<TestExchange> exchange(new TestExchange(std::move(answer)));
  std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n";
  http::Reader reader({});
  const auto progress = reader.read_head(text, exchange->head_);
  if (!progress.complete || progress.consumed != text.size())
    return Error{ErrorCode::malformed,
                 "the edge does not read this request (" + std::to_string(progress.refusal) + ")"};
  exchange->body_ = std::move(body);
  thread_local http::RequestIds ids;
  ids.next(exchange->id_);
  return exchange;
}

void TestExchange::limit_body(std::uint64_t limit) {
  if (body_.size() <= limit) return;
  too_large_ = true;
  body_.clear();
}

bool TestExchange::respond(http::Response response) {
  if (answered_.exchange(true)) return false;
  answer_->set(std::move(response));
  return true;
}

}  // namespace stoa::core::testing
