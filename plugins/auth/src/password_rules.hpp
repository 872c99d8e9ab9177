// Which passwords are good enough.
#pragma once

#include <optional>
#include <string_view>

#include "stoa/result.hpp"

namespace stoa::auth {

inline constexpr std::size_t kPasswordMax = 1'024;  // code points

// What is wrong with a new password, if anything; `pointer` is left to the caller. `min`: code points.
// Refused besides its length: the most common ones, repetitions of a few characters, runs of neighbours such
// as abcdefghij or 9876543210, the nickname or e-mail address, once or twice.
std::optional<FieldError> password_fault(std::string_view password, std::size_t min,
                                         std::string_view nickname, std::string_view email);

}  // namespace stoa::auth
