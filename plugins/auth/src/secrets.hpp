// Random tokens, how they are stored, and keys kept in files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "stoa/result.hpp"

namespace stoa::auth {

inline constexpr std::size_t kKeyBytes = 32;

// Throws std::runtime_error when libsodium cannot start. Idempotent.
void start_crypto();

std::string hexadecimal(std::string_view bytes);

// What is stored in place of a token: BLAKE2b-256, hexadecimal.
std::string token_hash(std::string_view token);

// In a time that does not tell where they differ.
bool same_secret(std::string_view a, std::string_view b);

// The 32 bytes of <directory>/<name>, made when they are not there. The directory is 0700, the file 0600 and
// complete or absent, whatever interrupts.
// Error: unavailable, with what is wrong with the file.
Result<std::string> load_or_create_key(const std::filesystem::path& directory, const std::string& name);

// A refresh token: session and secret, base64url.
struct RefreshToken {
  std::string sid;  // hexadecimal
  std::string text;
};
// `random`: 32 bytes.
RefreshToken make_refresh_token(std::string_view sid, std::string_view random);
// The one that takes its place. Always the same for the same token, and nobody without the key knows it.
RefreshToken successor_of(const RefreshToken& token, std::string_view key);
// Error: unauthenticated, for anything that make_refresh_token does not write.
Result<RefreshToken> read_refresh_token(std::string_view text);

}  // namespace stoa::auth
