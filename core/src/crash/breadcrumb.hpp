// Whose code each thread runs, so that a crash can be named; and what is left behind when one happens.
#pragma once

#include <cstddef>
#include <string>

namespace stoa::core::crash {

// [lifecycle] Once. A crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) writes who ran, where and the signal
// to that file, then ends the process as it would have. At most 1,000 bytes of path.
void install(const std::string& record_path);

// [any-thread] Addresses [begin, end) are code of that plugin: names it where no breadcrumb does, on threads
// of its own. At most 256 are kept.
void note_image(const std::string& plugin, const void* begin, const void* end);

// While it lives this thread runs code of that plugin. Both strings must outlive it. Nests. The first one of
// a thread gives it a stack for signals, so that running out of stack can be told too.
class Breadcrumb {
 public:
  Breadcrumb(const char* plugin, const char* place);
  Breadcrumb(const Breadcrumb&) = delete;
  Breadcrumb& operator=(const Breadcrumb&) = delete;
  ~Breadcrumb();

 private:
  const char* plugin_before_;
  const char* place_before_;
};

// [any-thread] Writes the record for a plugin that must be stopped from outside, as one that blocks the
// writer.
void record(const std::string& plugin, const std::string& place, const std::string& what);

}  // namespace stoa::core::crash
