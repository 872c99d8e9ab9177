// What kills a process, what only fails, and what never ends.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "stoa/stoa.hpp"

namespace {

namespace fs = std::filesystem;

// Each frame keeps the next one from being the last.
int deeper(volatile int* above) {  // NOLINT(misc-no-recursion)
  volatile int here[1024] = {*above};
  if (here[0] == 0) return 0;  // never: it hands on what it got
  return deeper(here) + here[7];
}

__attribute__((no_sanitize("address", "undefined"))) void write_nowhere() {
  volatile std::uintptr_t nowhere = 64;
  *reinterpret_cast<volatile int*>(nowhere) = 1;
}

[[noreturn]] void crash(std::string_view how) {
  volatile int start = 1;
  if (how == "overflow") std::exit(deeper(&start));
  if (how == "abort") std::abort();
  if (how == "thread") {
    std::thread(write_nowhere).join();
  }
  write_nowhere();
  std::abort();
}

}  // namespace

STOA_PLUGIN([](stoa::App& app) {
  app.get("/api/v1/x/crasher/crash/{how:str}", stoa::Auth::none,
          [](stoa::Request& request) { return crash(request.param("how")), stoa::no_content(); });
  app.get("/api/v1/x/crasher/good", stoa::Auth::none, [](stoa::Request&) { return stoa::json(200, "{}"); });
  app.get("/api/v1/x/crasher/bad", stoa::Auth::none,
          [](stoa::Request&) -> stoa::Response { throw std::runtime_error("a secret of the crasher"); });
  app.get("/api/v1/x/crasher/hang", stoa::Auth::none,
          [](stoa::Request& request) {
            const fs::path file(request.query("until").value_or(""));
            while (!fs::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
            return stoa::json(200, "{}");
          },
          {.deadline_ms = 300});
  app.get("/api/v1/x/crasher/never", stoa::Auth::none,
          [](stoa::Request& request) { return (void)request.defer(), stoa::Response::deferred(); },
          {.deadline_ms = 300});
  app.get("/api/v1/x/crasher/foreign", stoa::Auth::none, [&app](stoa::Request&) -> stoa::Response {
    auto read = app.storage().read([](stoa::Tx& tx) -> stoa::Result<void> {
      auto row = tx.query<std::int64_t>("SELECT id FROM posts_post").first();
      if (!row) return row.error();
      return {};
    });
    return read ? stoa::json(200, "{}") : stoa::Response(read.error());
  });
  app.get("/api/v1/x/crasher/queue", stoa::Auth::none, [&app](stoa::Request&) -> stoa::Response {
    auto done = app.storage().write([](stoa::Tx& tx) { return tx.enqueue("nothing", "{}"); });
    return done ? stoa::json(200, "{}") : stoa::Response(done.error());
  });
});
