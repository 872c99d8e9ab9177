#include <stdexcept>

#include "stoa/stoa.hpp"

STOA_PLUGIN([](stoa::App& app) {
  app.get("/api/v1/x/badstart/hello", stoa::Auth::none, [](stoa::Request&) { return stoa::json(200, "{}"); });
  app.on_start([]() -> stoa::Result<void> { throw std::runtime_error("thrown by badstart"); });
});
