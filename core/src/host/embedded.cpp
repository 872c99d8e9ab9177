#include "host/embedded.hpp"

extern "C" const char stoa_openapi_begin[];
extern "C" const char stoa_openapi_end[];

namespace stoa::core::host {

std::string_view embedded_openapi() {
  return {stoa_openapi_begin, static_cast<std::size_t>(stoa_openapi_end - stoa_openapi_begin)};
}

}  // namespace stoa::core::host
