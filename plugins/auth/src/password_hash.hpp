// Argon2id, as libsodium calls interactive: about 0.1 s and 64 MB. Only on a PasswordPool.
#pragma once

#include <string>
#include <string_view>

namespace stoa::auth {

// Throws std::bad_alloc when there is no memory for it.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view hash, std::string_view password);

// A hash of the same cost that no password fits: what an unknown account is checked against.
inline constexpr std::string_view kNobodysHash =
    "$argon2id$v=19$m=65536,t=2,p=1$PuInfa+aAtJVDh37CabLwg$J8r5BjD/oPUPPMwkJRg2BDyplmtyaE5QQbBVShwcstE";

}  // namespace stoa::auth
