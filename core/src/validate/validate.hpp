// `stoa plugin validate`: judges one plugin file before anybody relies on it.
#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "stoa/result.hpp"
#include "validate/report.hpp"

namespace stoa::core::validate {

struct Options {
  std::filesystem::path file;
  std::vector<std::filesystem::path> shelves;  // where the plugins it requires are looked for
  std::chrono::milliseconds step_limit{10'000};
  std::chrono::milliseconds check_limit{120'000};
};

// [lifecycle] Forks: this process has one thread. Error: the file cannot be read.
Result<Report> validate(const Options& options);

}  // namespace stoa::core::validate
