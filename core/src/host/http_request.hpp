// A plugin's request on top of an HTTP exchange.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "host/dispatcher.hpp"
#include "plugins/call.hpp"

namespace stoa::core::host {

class HttpRequest final : public stoa_request {
 public:
  HttpRequest(Dispatcher& dispatcher, std::shared_ptr<http::Exchange> exchange, plugins::SnapshotPtr snapshot,
              const plugins::Target& target, plugins::Call call, bool page);

  ~HttpRequest() override;

  // [pool's watch] Past its deadline: answers in the handler's place. False: it was answered or deferred.
  bool expire();
  // [worker] Checks, then the handler; answers in every case but a deferral.
  void run();

  std::string_view body() const override { return exchange_->body(); }
  std::optional<std::string> query(std::string_view name) const override;
  std::string_view header(std::string_view name) const override { return exchange_->head().field(name); }
  bool respond(const stoa_response& response) override;
  bool fail(const Error& error) override;
  bool render(const stoa_page_content& content) override;
  bool answered() const override { return exchange_->answered(); }
  std::chrono::steady_clock::time_point due() const override;
  bool is_page() const override { return page_; }

 private:
  // Each returns false after it has answered.
  bool check_user();
  bool check_origin();
  bool check_rate();
  bool check_body();
  void call();
  void note(bool failed);  // for the plugin's budget; the first counts
  http::Response share(http::Response response, std::uint64_t seq, const stoa_str* tags,
                       std::size_t tag_count, bool with_seq);
  bool problem(std::string_view type, std::string detail);

  Dispatcher& dispatcher_;
  const plugins::Call call_;  // of the target's owner; empty: the host
  const std::shared_ptr<http::Exchange> exchange_;
  const plugins::SnapshotPtr snapshot_;
  const plugins::Target& target_;
  const bool page_;
  const std::uint64_t stamp_;  // of the cache, before any snapshot of this request was opened
  bool by_cookie_ = false;
  std::atomic<bool> noted_{false};
  std::atomic<bool> overdue_{false};
  mutable std::optional<Error> bad_query_;  // the handler asked for a parameter that cannot be decoded
  std::vector<std::pair<std::string, std::string>> extra_fields_;  // rate limits
};

}  // namespace stoa::core::host
