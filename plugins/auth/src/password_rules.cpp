#include "password_rules.hpp"

#include <algorithm>
#include <string>

#include "common_passwords.hpp"
#include "names.hpp"
#include "stoa/json.hpp"

namespace stoa::auth {

namespace {

// One to four characters over and over.
bool is_repetition(std::string_view text) {
  for (std::size_t period = 1; period <= 4; ++period) {
    bool repeats = text.size() > period;
    for (std::size_t i = period; repeats && i < text.size(); ++i) repeats = text[i] == text[i - period];
    if (repeats) return true;
  }
  return false;
}

// Each character the neighbour of the one before, in the alphabet or on a keyboard's row.
bool is_run(std::string_view text) {
  constexpr std::string_view kRows[] = {"abcdefghijklmnopqrstuvwxyz",
                                        "01234567890123456789",
                                        "1234567890-=",
                                        "qwertyuiop[]",
                                        "asdfghjkl;'",
                                        "zxcvbnm,./",
                                        "qwertyuiopasdfghjklzxcvbnm",
                                        "qwertzuiopasdfghjklyxcvbnm",
                                        "azertyuiopqsdfghjklmwxcvbn",
                                        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/"};
  const std::string backwards(text.rbegin(), text.rend());
  return std::any_of(std::begin(kRows), std::end(kRows), [&](std::string_view row) {
    return row.find(text) != std::string_view::npos || row.find(backwards) != std::string_view::npos;
  });
}

bool is_common(std::string_view folded) {
  return std::binary_search(std::begin(kCommonPasswords), std::end(kCommonPasswords), folded);
}

bool resembles(std::string_view folded, std::string_view name) {
  const std::string other = fold(name);
  return !other.empty() && (folded == other || folded == other + other);
}

}  // namespace

std::optional<FieldError> password_fault(std::string_view password, std::size_t min,
                                         std::string_view nickname, std::string_view email) {
  const std::size_t length = code_points(password);
  if (length == 0) return FieldError{"", "required", "must not be empty"};
  if (length < min)
    return FieldError{"", "too_short", "needs at least " + std::to_string(min) + " characters"};
  if (length > kPasswordMax)
    return FieldError{"", "too_long", "takes at most " + std::to_string(kPasswordMax) + " characters"};
  const std::string folded = fold(password);
  if (resembles(folded, nickname) || resembles(folded, email) ||
      resembles(folded, email.substr(0, email.find('@'))))
    return FieldError{"", "too_similar", "must not be made of your nickname or e-mail address"};
  if (is_common(folded) || is_repetition(folded) || is_run(folded))
    return FieldError{"", "too_common", "is one of the first that somebody would try"};
  return std::nullopt;
}

}  // namespace stoa::auth
