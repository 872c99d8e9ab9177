#include "http/io_thread.hpp"

#include <utility>

#include "http/writer.hpp"

namespace stoa::core::http {

namespace {
constexpr std::size_t kReadBuffer = 64 * 1024;
}

IoThread::IoThread(std::shared_ptr<Edge> edge)
    : input(kReadBuffer),
      mailbox(std::make_shared<Mailbox>()),
      counters(std::make_shared<Counters>()),
      pool(std::make_shared<LiveExchange::Pool>()),
      edge_(std::move(edge)) {}

std::unique_ptr<LiveExchange::Contents> IoThread::take_contents() {
  if (pool->empty()) return std::make_unique<LiveExchange::Contents>();
  auto contents = std::move(pool->back());
  pool->pop_back();
  return contents;
}

Response IoThread::refusal(int status, const std::string& request_id) {
  try {
    auto response = application().refuse(status, request_id);
    if (is_sendable(response)) return response;
  } catch (...) {
  }
  Response bare;
  bare.status = status;
  return bare;
}

}  // namespace stoa::core::http
