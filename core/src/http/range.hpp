// Byte ranges (RFC 9110, section 14): one range of a body whose length is known.
#pragma once

#include <cstddef>
#include <string_view>

namespace stoa::core::http {

struct Range {
  enum class Kind : unsigned char {
    whole,          // nothing asked for, or nothing that is understood here: units, lists of ranges
    part,           // `size` bytes from `first` on
    unsatisfiable,  // well-formed, and beyond the end
  };
  Kind kind = Kind::whole;
  std::size_t first = 0;
  std::size_t size = 0;
};

// What the value of Range asks of `length` bytes. A list of ranges may be ignored, and is.
Range range_of(std::string_view header, std::size_t length);

// If-Range lets Range count: it is empty, or that strong entity tag. Dates never match: there is no
// Last-Modified.
bool range_counts(std::string_view if_range, std::string_view etag);

}  // namespace stoa::core::http
