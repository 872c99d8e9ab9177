// Services, deferred answers, exceptions, a page, a command.
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "conform.hpp"
#include "stoa/identity.hpp"
#include "stoa/json.hpp"

namespace conform {
namespace {

// What this plugin offers others.
struct SumTable {
  std::uint32_t size;
  std::uint32_t reserved;
  std::int64_t (*add)(std::int64_t a, std::int64_t b);
};
const SumTable kSum = {sizeof(SumTable), 0, [](std::int64_t a, std::int64_t b) { return a + b; }};

// Answers of a thread of the plugin's own.
class Later {
 public:
  ~Later() { join(); }
  void answer(stoa::Deferred deferred, bool twice) {
    std::lock_guard lock(mutex_);
    threads_.emplace_back([this, deferred, twice] {
      deferred.complete(stoa::json(200, R"({"later":true})"));
      if (twice) second_ = deferred.complete(stoa::json(200, R"({"later":"twice"})"));
    });
  }
  bool second() const { return second_; }
  void join() {
    std::lock_guard lock(mutex_);
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::atomic<bool> second_{true};
};

}  // namespace

void add_others(stoa::App& app) {
  auto& later = app.own<Later>();
  app.get("/api/v1/x/conform/sum", stoa::Auth::none, [&app](stoa::Request& request) -> stoa::Response {
    const auto& host = app.host();
    const void* table = nullptr;
    stoa_lease lease = 0;
    const stoa_status status =
        host.services->acquire(host.ctx, stoa::detail::str(kService), sizeof(SumTable), &table, &lease);
    if (status != STOA_OK) return host.error(status);
    const auto sum = static_cast<const SumTable*>(table)->add(number(request, "a"), number(request, "b"));
    host.services->release(host.ctx, lease);
    return stoa::json(200, R"({"sum":)" + std::to_string(sum) + "}");
  });
  app.get("/api/v1/x/conform/who/{nickname:str}", stoa::Auth::none,
          [&app](stoa::Request& request) -> stoa::Response {
            auto found = stoa::Identity(app.host()).find({std::string(request.param("nickname"))});
            if (!found) return found.error();
            if (found->empty()) return stoa::not_found();
            return stoa::json(200, R"({"id":)" + std::to_string(found->front().id.value) + "}");
          });
  app.get("/api/v1/x/conform/later", stoa::Auth::none, [&later](stoa::Request& request) {
    later.answer(request.defer(), request.query("twice").has_value());
    return stoa::Response::deferred();
  });
  app.get("/api/v1/x/conform/second", stoa::Auth::none, [&later](stoa::Request&) {
    later.join();
    return stoa::json(200, later.second() ? R"({"taken":true})" : R"({"taken":false})");
  });
  app.get("/api/v1/x/conform/random", stoa::Auth::none, [&app](stoa::Request&) {
    const bool differ = app.random_bytes(16) != app.random_bytes(16) && app.monotonic_ms() > 0;
    return stoa::json(200, differ ? R"({"differ":true})" : R"({"differ":false})");
  });
  app.get("/api/v1/x/conform/throw", stoa::Auth::none, [](stoa::Request& request) -> stoa::Response {
    try {
      throw std::runtime_error("caught inside");
    } catch (const std::exception& e) {
      if (request.query("outside")) throw std::logic_error("a secret");
      return stoa::json(200, R"({"what":")" + std::string(e.what()) + R"("})");
    }
  });
  app.provide(kService, &kSum);
  auto& available = app.own<Count>(0);
  auto& gone = app.own<Count>(0);
  app.watch(
      kNeighbour, [&available] { ++available; }, [&gone] { ++gone; });
  app.get("/api/v1/x/conform/neighbour", stoa::Auth::none, [&available, &gone](stoa::Request&) {
    return counts({{"available", available}, {"gone", gone}});
  });
  app.page("/x/conform/hello", "conform.hello", [](stoa::Request&) -> stoa::Result<stoa::Page> {
    stoa::Page page;
    page.title = "Conform says hello";
    page.html = "<p>Hello from a plugin</p>";
    page.payload = R"({"hello":true})";
    return page;
  });
  app.command("conform greet", "Greets", {{"name", "Whom", true}, {"loud", "Louder", false, true}},
              [&app](std::string_view arguments) -> stoa::Result<std::string> {
                auto fields = stoa::Fields::parse(arguments);
                if (!fields) return fields.error();
                const std::string name = fields->text("name", {1, 64});
                const bool loud = arguments.find("\"loud\":true") != std::string_view::npos;
                return app.settings().find("Hello") == std::string::npos ? "?\n"
                       : loud                                            ? "HELLO " + name + "!\n"
                                                                         : "Hello " + name + ".\n";
              });
}

}  // namespace conform
