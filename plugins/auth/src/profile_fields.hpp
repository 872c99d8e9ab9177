// The profile members of request bodies.
#pragma once

#include <optional>
#include <string>

#include "stoa/json.hpp"

namespace stoa::auth {

inline constexpr TextRule kNameRule{0, 64};
inline constexpr TextRule kGenderRule{0, 32};  // female, male, other, unspecified, or one's own word
inline constexpr TextRule kBioRule{0, 1'000, true};
inline constexpr std::int64_t kYoungest = 13;
inline constexpr std::int64_t kOldest = 120;

// An empty text is none.
inline std::optional<std::string> filled(std::optional<std::string> text) {
  if (text && text->empty()) text.reset();
  return text;
}

}  // namespace stoa::auth
