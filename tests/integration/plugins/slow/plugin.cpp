// GET /api/v1/x/slow/wait?for=F makes the file F.begun, and answers once there is a file F.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "stoa/stoa.hpp"

namespace fs = std::filesystem;

STOA_PLUGIN([](stoa::App& app) {
  app.get("/api/v1/x/slow/wait", stoa::Auth::none, [](stoa::Request& request) {
    const fs::path file(request.query("for").value_or(""));
    std::ofstream(file.string() + ".begun") << "begun";
    while (!fs::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return stoa::json(200, R"({"waited":true})");
  });
});
