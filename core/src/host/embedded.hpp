#pragma once

#include <string_view>

namespace stoa::core::host {

// The host's own part of the OpenAPI document, core/openapi.json.
std::string_view embedded_openapi();

}  // namespace stoa::core::host
