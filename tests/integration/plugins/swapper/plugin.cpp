// Built in several versions. Every answer names the version it came from; whatever is called after its end
// aborts.
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "stoa/json.hpp"
#include "stoa/stoa.hpp"
#include "swapper_sql.hpp"

namespace {

constexpr int kVersion = SWAPPER_VERSION;

class Swapper {
 public:
  explicit Swapper(stoa::App& app) : app_(app) {}
  ~Swapper() { state_ = kGone; }

  stoa::Result<void> start() {
    if (kVersion == 3) return stoa::Error{stoa::ErrorCode::internal, "version 3 never starts"};
    check(kMade);
    state_ = kRunning;
    thread_ = std::thread([this] { answer(); });
    return {};
  }
  void stop() {
    if (state_ == kMade) return;  // its start failed
    check(kRunning);
    {
      std::lock_guard lock(mutex_);
      state_ = kStopped;
    }
    wake_.notify_all();
    thread_.join();
  }

  std::string said() {
    check(kRunning);
    return stoa::Json()
        .begin_object()
        .field("version", kVersion)
        .raw_field("settings", app_.settings())
        .end_object()
        .take();
  }
  void later(stoa::Deferred deferred) {
    check(kRunning);
    {
      std::lock_guard lock(mutex_);
      waiting_.push_back(deferred);
    }
    wake_.notify_all();
  }
  stoa::Result<void> seen(stoa::Tx& tx, const stoa::Event& event) {
    auto done = tx.exec(stoa::swapper::sql::insert_seen, static_cast<std::int64_t>(event.seq),
                        std::int64_t{kVersion});
    return done ? stoa::Result<void>() : stoa::Result<void>(done.error());
  }

 private:
  enum State { kMade = 0x51a7e, kRunning = 0x51a7f, kStopped = 0x51a80, kGone = 0x51a81 };

  void check(State wanted) const {
    if (state_ != wanted) std::abort();
  }
  void answer() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return state_ == kStopped || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const stoa::Deferred deferred = waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      (void)deferred.complete(stoa::json(200, "{\"version\":" + std::to_string(kVersion) + "}"));
      lock.lock();
    }
  }

  stoa::App& app_;
  volatile State state_ = kMade;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<stoa::Deferred> waiting_;
  std::thread thread_;
};

}  // namespace

STOA_PLUGIN([](stoa::App& app) {
  auto& swapper = app.own<Swapper>(app);
  app.on_start([&swapper] { return swapper.start(); });
  app.on_stop([&swapper] { swapper.stop(); });
  if (kVersion == 2) {
    app.on_configure([](std::string_view settings) -> stoa::Result<void> {
      if (settings.find("refuse") == std::string_view::npos) return {};
      return stoa::Error{stoa::ErrorCode::validation, "this greeting is refused"};
    });
  }
  app.get("/api/v1/x/swapper/version", stoa::Auth::none,
          [&swapper](stoa::Request&) { return stoa::json(200, swapper.said()); });
  app.get("/api/v1/x/swapper/later", stoa::Auth::none, [&swapper](stoa::Request& request) -> stoa::Response {
    swapper.later(request.defer());
    return stoa::Response::deferred();
  });
  app.get("/api/v1/x/swapper/seen", stoa::Auth::none, [&app](stoa::Request&) -> stoa::Response {
    std::int64_t all = 0, different = 0;
    auto done = app.storage().read([&](stoa::Tx& tx) -> stoa::Result<void> {
      auto row = tx.query<std::int64_t, std::int64_t>(stoa::swapper::sql::count_seen).first();
      if (!row) return row.error();
      std::tie(all, different) = **row;
      return {};
    });
    if (!done) return done.error();
    return stoa::json(
        200, stoa::Json().begin_object().field("all", all).field("different", different).end_object().take());
  });
  app.page("/swapper", "swapper.home", [&swapper](stoa::Request&) -> stoa::Result<stoa::Page> {
    stoa::Page page;
    page.title = "Swapper";
    page.html = "<h1>" + swapper.said() + "</h1>";
    return page;
  });
  app.claim(
      "swapper:", [](std::optional<stoa::User>, std::string_view) -> stoa::Result<void> { return {}; },
      [&app](const stoa::Operation& operation) -> stoa::Result<void> {
        app.ephemeral(operation.channel, "swapper.echo", "{\"version\":" + std::to_string(kVersion) + "}");
        return {};
      });
  app.subscribe_durable(
      "posts", {"posts.post.created"}, false,
      [&swapper](stoa::Tx& tx, const stoa::Event& event) { return swapper.seen(tx, event); });
});
