// Every table of the contract through the C++ wrapper. What it answers is what the plugin in C answers.
#include <string>

#include "conform.hpp"

STOA_PLUGIN([](stoa::App& app) {
  conform::add_items(app);
  conform::add_changes(app);
  conform::add_jobs(app);
  conform::add_metrics(app);
  conform::add_requests(app);
  conform::add_settings(app);
  conform::add_realtime(app);
  conform::add_others(app);
  app.on_start([&app]() -> stoa::Result<void> {
    app.log(STOA_LOG_INFO, "Conform has started.");
    app.announce("Conform greets at", "/x/conform/hello");
    return {};
  });
  app.on_drain([&app](std::uint32_t deadline_ms) {
    app.log(STOA_LOG_INFO, "Conform drains.", {{"deadline_ms", std::to_string(deadline_ms)}});
  });
});
