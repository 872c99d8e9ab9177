// The Date field, built once a second.
#pragma once

#include <ctime>
#include <string_view>

namespace stoa::core::http {

// IMF-fixdate of RFC 9110, 5.6.7, as "Sun, 06 Nov 1994 08:49:37 GMT".
class Date {
 public:
  std::string_view now();  // valid until the next call
  std::string_view at(std::time_t second);

 private:
  std::time_t second_ = -1;
  char text_[29];
};

}  // namespace stoa::core::http
