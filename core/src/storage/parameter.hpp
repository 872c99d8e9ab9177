// A value on its way into a statement: borrowed, never copied.
#pragma once

#include <cstdint>
#include <string_view>

#include "storage/database.hpp"

namespace stoa::core::storage {

struct Parameter {
  enum class Kind : std::uint8_t { null, integer, real, text, blob };
  Kind kind = Kind::null;
  union {
    std::int64_t integer = 0;
    double real;
  };
  std::string_view bytes;

  Parameter() = default;
  Parameter(std::int64_t value) : kind(Kind::integer), integer(value) {}
  Parameter(std::uint64_t value) : Parameter(static_cast<std::int64_t>(value)) {}
  Parameter(int value) : Parameter(static_cast<std::int64_t>(value)) {}
  Parameter(std::string_view value) : kind(Kind::text), bytes(value) {}
  Parameter(const std::string& value) : Parameter(std::string_view(value)) {}
  Parameter(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      kind = Kind::integer;
      integer = *number;
    } else if (const auto* fraction = std::get_if<double>(&value)) {
      kind = Kind::real;
      real = *fraction;
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      kind = Kind::text;
      bytes = *text;
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      kind = Kind::blob;
      bytes = blob->bytes;
    }
  }
};

}  // namespace stoa::core::storage
