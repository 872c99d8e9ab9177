#include "password_hash.hpp"

#include <sodium.h>

#include <cstring>
#include <new>

namespace stoa::auth {

std::string hash_password(std::string_view password) {
  char out[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(out, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    throw std::bad_alloc();
  return out;
}

bool verify_password(std::string_view hash, std::string_view password) {
  char padded[crypto_pwhash_STRBYTES] = {};
  if (hash.size() >= sizeof padded) return false;
  std::memcpy(padded, hash.data(), hash.size());
  return crypto_pwhash_str_verify(padded, password.data(), password.size()) == 0;
}

}  // namespace stoa::auth
