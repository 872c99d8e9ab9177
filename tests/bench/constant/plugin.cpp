#include "stoa/stoa.hpp"

STOA_PLUGIN([](stoa::App& app) {
  app.get("/api/v1/x/constant/healthz", stoa::Auth::none,
          [](stoa::Request&) { return stoa::json(200, R"({"status":"ok"})"); }, {.open = true});
});
