// One metric of each kind.
#include "conform.hpp"

namespace conform {

void add_metrics(stoa::App& app) {
  const auto asked = app.counter("asked_total", "Questions.", {"how"});
  const auto level = app.gauge("level", "How high it is.");
  const auto seconds = app.histogram("seconds", "How long it took.", {0.1, 1, 10});
  app.post("/api/v1/x/conform/count", stoa::Auth::none,
           [asked, level, seconds](stoa::Request& request) {
             asked.add(1, {request.query("how").value_or("plainly")});
             level.set(3);
             level.add(-0.5);
             seconds.observe(0.5);
             return stoa::no_content();
           },
           {});
}

}  // namespace conform
