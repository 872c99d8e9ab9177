// Structured logs to standard error, one line each: time, level, message, keys (logfmt).
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace stoa::core::log {

enum class Level { debug, info, warning, error };

using Key = std::pair<std::string_view, std::string_view>;

// [lifecycle] Before anything is logged; `level` is debug, info, warning or error (anything else: info).
void start(std::string_view level);

// [any-thread] From now on lines, without their time, go there instead of standard error; empty: back. Called
// from any thread, also from several at once; must not log.
void divert(std::function<void(std::string_view line)> to);

// [any-thread] Plain sentences, keys beside them. Never a secret. Control characters and quotes are escaped.
void write(Level level, std::string_view message, std::initializer_list<Key> keys = {});
void write(Level level, std::string_view message, const Key* keys, std::size_t count);
bool enabled(Level level);

inline void debug(std::string_view message, std::initializer_list<Key> keys = {}) {
  write(Level::debug, message, keys);
}
inline void info(std::string_view message, std::initializer_list<Key> keys = {}) {
  write(Level::info, message, keys);
}
inline void warning(std::string_view message, std::initializer_list<Key> keys = {}) {
  write(Level::warning, message, keys);
}
inline void error(std::string_view message, std::initializer_list<Key> keys = {}) {
  write(Level::error, message, keys);
}

Level level_from(std::string_view name);

}  // namespace stoa::core::log
