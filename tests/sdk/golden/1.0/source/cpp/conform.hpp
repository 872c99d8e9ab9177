// What the files of this plugin share. What it answers is what the C one answers.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "stoa/stoa.hpp"

namespace conform {

inline constexpr const char* kHook = "conform.item.create/1";
inline constexpr const char* kService = "conform.sum/1";
inline constexpr const char* kNeighbour = "neighbour.nod/1";
inline constexpr const char* kQueue = "errands";

using Count = std::atomic<int>;

// {"name":value,…} of counts.
inline stoa::Response counts(std::initializer_list<std::pair<const char*, int>> all) {
  std::string body;
  for (const auto& [name, value] : all)
    body += (body.empty() ? "{\"" : ",\"") + std::string(name) + "\":" + std::to_string(value);
  return stoa::json(200, body + "}");
}
inline std::int64_t number(const stoa::Request& request, std::string_view name) {
  return std::strtoll(std::string(request.query(name).value_or("0")).c_str(), nullptr, 10);
}

// [create] Each registers what its file is about.
void add_items(stoa::App& app);
void add_changes(stoa::App& app);
void add_jobs(stoa::App& app);
void add_metrics(stoa::App& app);
void add_requests(stoa::App& app);
void add_settings(stoa::App& app);
void add_realtime(stoa::App& app);
void add_others(stoa::App& app);

}  // namespace conform
