// What nicknames and e-mail addresses may look like, and when two are the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "settings.hpp"
#include "stoa/request.hpp"
#include "stoa/result.hpp"

namespace stoa::auth {

// ASCII letters made small; what logins and uniqueness compare.
std::string fold(std::string_view text);

// What is wrong with a nickname, if anything. `pointer` of the error is left to the caller.
// `reserved_too`: also refuse reserved ones (registration by strangers).
std::optional<FieldError> nickname_fault(std::string_view nickname, const Settings& settings,
                                         bool reserved_too);

// local@domain.tld, at most 254 bytes, no spaces, no control characters. Letters beyond ASCII are allowed.
bool is_email(std::string_view text);

// https://…, at most 500 bytes, printable ASCII without quotes or spaces.
bool is_picture_url(std::string_view text);

// "member", "moderator" or "admin".
std::optional<Role> role_of(std::string_view text);

}  // namespace stoa::auth
