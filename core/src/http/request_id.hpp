// Request ids: 16 hexadecimal digits, unique in this process, unpredictable enough not to be counted from
// outside.
#pragma once

#include <cstdint>
#include <string>

namespace stoa::core::http {

// One for each I/O thread; not to be shared between threads.
class RequestIds {
 public:
  RequestIds();
  void next(std::string& into);  // replaces the text, keeps its memory

 private:
  std::uint64_t next_;
};

}  // namespace stoa::core::http
