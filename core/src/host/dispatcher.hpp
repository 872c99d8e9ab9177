// From a request to its answer: cached answers and static files on the I/O thread, everything else on a
// worker, where the checks come in the order of the contract: 404/405, 401, 403, 413/415, 400, then the
// handler's own.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "host/origin.hpp"
#include "host/shell.hpp"
#include "http/cache.hpp"
#include "http/rate_limiter.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"
#include "plugins/snapshot.hpp"
#include "work/pool.hpp"

namespace stoa::core::host {

struct DispatcherOptions {
  bool private_forum = false;
  bool limits = true;
  std::string public_url;  // as configured; may be empty
};

class Dispatcher final : public http::Application {
 public:
  using Upgrade = std::function<void(std::shared_ptr<http::Exchange>, std::optional<plugins::Principal>)>;

  // The event log, as far as everybody has been told of it.
  struct Log {
    std::function<std::uint64_t()> head;
    std::function<void()> publish;  // [any-thread] what another process has committed, too
  };

  // All outlive the dispatcher.
  Dispatcher(DispatcherOptions options, const TrustedProxies& proxies, http::Cache& cache, work::Pool& pool,
             std::function<plugins::SnapshotPtr()> snapshot, Log log);
  ~Dispatcher() override;

  // [any-thread]
  std::shared_ptr<const http::StaticFiles> files() const { return std::atomic_load(&files_); }
  // [lifecycle] Also while it serves.
  void set_files(http::StaticFiles files) {
    std::atomic_store(&files_, std::make_shared<const http::StaticFiles>(std::move(files)));
  }
  // [lifecycle] Before the server starts.
  void set_shell(Shell shell) { shell_ = std::make_unique<Shell>(std::move(shell)); }
  // [any-thread] Until the log's head is that far: some microseconds, if at all; never longer than a
  // twentieth of a second.
  void wait_until_published(std::uint64_t seq);
  // [worker] A WebSocket was asked for and may be opened.
  void set_upgrade(Upgrade upgrade) { upgrade_ = std::move(upgrade); }
  // [io] Told of each answer; must not block.
  using Observe =
      std::function<void(std::string_view owner, int status, std::chrono::steady_clock::duration took)>;
  void set_observe(Observe observe) { observe_ = std::move(observe); }

  Admission admit(const http::RequestHead& head) override;
  void handle(std::shared_ptr<http::Exchange> exchange) override;
  http::Response refuse(int status, const std::string& request_id) override;
  void answered(std::string_view owner, int status, std::chrono::steady_clock::duration took) override {
    if (observe_) observe_(owner.empty() ? "core" : owner, status, took);
  }

 private:
  friend class HttpRequest;
  bool serve_cached(const std::shared_ptr<http::Exchange>& exchange);
  // [worker] The answer in that coding, with a body where that is shorter; kept beside the answer, or quickly
  // made for once.
  http::Representation encode(std::string_view target, const http::CachedAnswer& answer, http::Coding coding,
                              bool is_kept);
  http::Representation represent_kept(std::string_view target, const http::CachedAnswer& answer,
                                      http::Coding coding);
  void serve_page(const std::shared_ptr<http::Exchange>& exchange, const plugins::SnapshotPtr& snapshot);
  void serve_shell(http::Exchange& exchange, const plugins::Snapshot& snapshot, ShellPage page);
  void upgrade(const std::shared_ptr<http::Exchange>& exchange);
  void submit(const std::shared_ptr<http::Exchange>& exchange, plugins::SnapshotPtr snapshot,
              const plugins::Target* target, http::Parameters parameters, bool page);
  void paused(http::Exchange& exchange, const plugins::Snapshot& snapshot, int retry_after_s, bool page);
  void problem(http::Exchange& exchange, std::string_view type, std::string detail);

  const DispatcherOptions options_;
  const TrustedProxies& proxies_;
  http::Cache& cache_;
  work::Pool& pool_;
  const std::function<plugins::SnapshotPtr()> snapshot_;
  const Log log_;
  std::atomic<std::uint64_t> publishing_{0};  // the last seq whose publication was asked for
  http::RateLimiter limiter_;
  std::shared_ptr<const http::StaticFiles> files_ = std::make_shared<const http::StaticFiles>();
  std::unique_ptr<Shell> shell_;
  Upgrade upgrade_;
  Observe observe_;
};

}  // namespace stoa::core::host
