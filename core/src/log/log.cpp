#include "log/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <functional>
#include <memory>
#include <utility>

namespace stoa::core::log {

namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = std::make_shared<spdlog::logger>("stoa", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "info";
}

using Target = std::shared_ptr<const std::function<void(std::string_view)>>;
Target& diverted() {
  static Target target;
  return target;
}

void append_quoted(std::string& line, std::string_view text) {
  line += '"';
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (c == '\n') {
      line += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      constexpr char kHex[] = "0123456789abcdef";
      line += "\\x";
      line += kHex[byte >> 4];
      line += kHex[byte & 15];
    } else {
      line += c;
    }
  }
  line += '"';
}

}  // namespace

Level level_from(std::string_view name) {
  if (name == "debug") return Level::debug;
  if (name == "warning") return Level::warning;
  if (name == "error") return Level::error;
  return Level::info;
}

void divert(std::function<void(std::string_view line)> to) {
  std::atomic_store(
      &diverted(),
      to ? std::make_shared<const std::function<void(std::string_view)>>(std::move(to)) : Target());
}

void start(std::string_view level) {
  logger().set_level(to_spdlog(level_from(level)));
}

bool enabled(Level level) {
  return logger().should_log(to_spdlog(level));
}

void write(Level level, std::string_view message, const Key* keys, std::size_t count) {
  if (!enabled(level)) return;
  std::string line = "msg=";
  append_quoted(line, message);
  for (std::size_t i = 0; i < count; ++i) {
    line += ' ';
    line += keys[i].first;
    line += '=';
    append_quoted(line, keys[i].second);
  }
  if (const auto to = std::atomic_load(&diverted())) {
    (*to)("level=" + std::string(name_of(level)) + " " + line);
    return;
  }
  logger().log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

void write(Level level, std::string_view message, std::initializer_list<Key> keys) {
  write(level, message, keys.begin(), keys.size());
}

}  // namespace stoa::core::log
