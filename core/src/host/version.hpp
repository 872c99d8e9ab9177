#pragma once

namespace stoa::core::host {

inline constexpr const char* kVersion = STOA_VERSION;

}  // namespace stoa::core::host
