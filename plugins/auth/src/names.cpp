#include "names.hpp"

#include <algorithm>

namespace stoa::auth {

namespace {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_domain(std::string_view text) {
  std::size_t labels = 0;
  for (;;) {
    const auto dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    const bool fits = std::all_of(label.begin(), label.end(), [](char c) {
      return is_alnum(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80;
    });
    if (!fits) return false;
    ++labels;
    if (dot == std::string_view::npos) return labels >= 2;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string fold(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::optional<FieldError> nickname_fault(std::string_view nickname, const Settings& settings,
                                         bool reserved_too) {
  const bool fits = std::all_of(nickname.begin(), nickname.end(),
                                [](char c) { return is_alnum(c) || c == '_' || c == '-'; });
  if (nickname.empty()) return FieldError{"", "required", "must not be empty"};
  if (!fits) return FieldError{"", "invalid", "takes letters, digits, _ and - only"};
  if (nickname.size() < settings.nickname_min)
    return FieldError{"", "too_short",
                      "needs at least " + std::to_string(settings.nickname_min) + " characters"};
  if (nickname.size() > settings.nickname_max)
    return FieldError{"", "too_long",
                      "takes at most " + std::to_string(settings.nickname_max) + " characters"};
  // "me" is an address of its own: /users/me.
  const std::string folded = fold(nickname);
  if (folded == "me" || (reserved_too && settings.reserved_nicknames.count(folded)))
    return FieldError{"", "reserved", "is not available"};
  return std::nullopt;
}

bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  if (text.size() > 254 || at == std::string_view::npos) return false;
  const std::string_view local = text.substr(0, at);
  if (local.empty() || local.size() > 64) return false;
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) return false;
  const bool fits = std::all_of(local.begin(), local.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return is_alnum(c) || byte >= 0x80 ||
           std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
  });
  return fits && is_domain(text.substr(at + 1));
}

bool is_picture_url(std::string_view text) {
  if (text.size() > 500 || text.rfind("https://", 0) != 0 || text.size() < 12) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '"' && c != '\'' && c != '<' && c != '>' && c != '\\' && c != '`';
  });
}

std::optional<Role> role_of(std::string_view text) {
  for (const Role role : {Role::member, Role::moderator, Role::admin}) {
    if (text == to_string(role)) return role;
  }
  return std::nullopt;
}

}  // namespace stoa::auth
