// What became of each check, for people and for machines.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stoa::core::validate {

enum class Outcome : std::uint8_t { ok, failed, skipped };

struct Finding {
  std::string check;
  Outcome outcome = Outcome::ok;
  // Of a failed check: every fault. Of one that went well: what is worth knowing. Of one that was not made:
  // why.
  std::vector<std::string> why;
  std::chrono::milliseconds took{0};
};

struct Report {
  std::string file;
  std::string plugin, version;  // empty where the file does not say
  std::vector<Finding> findings;

  bool valid() const;
  const Finding* find(std::string_view check) const;
  // A line for each check, and a last one that says the sum of it.
  std::string text() const;
  // {"file", "plugin", "version", "valid", "checks": [{"check", "outcome", "why": […], "took_ms"}]}
  std::string json() const;
};

}  // namespace stoa::core::validate
