#include "cli/plugin_validate.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "host/host.hpp"
#include "validate/validate.hpp"

namespace stoa::core::cli {

int plugin_validate(const Options& options) {
  validate::Options what;
  what.file = std::filesystem::absolute(options.path);
  what.shelves = {what.file.parent_path(), host::Layout::of_this_program().plugins};
  if (options.time_limit_s > 0) what.step_limit = std::chrono::seconds(options.time_limit_s);
  const auto report = validate::validate(what);
  if (!report) {
    std::fprintf(stderr, "stoa: %s\n", report.error().message.c_str());
    return static_cast<int>(host::Exit::configuration);
  }
  std::fputs((options.as_json ? report->json() : report->text()).c_str(), stdout);
  return report->valid() ? 0 : 1;
}

}  // namespace stoa::core::cli
