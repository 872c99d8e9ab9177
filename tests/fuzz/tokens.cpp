// Access tokens as strangers make them up.
// Input: a first line says what the second is. "raw": a whole token. "own": byte by byte what is done to a
// token of ours. "signed": the payload of a token whose header is the third line, both signed with the right
// key.
#include <sodium.h>

#include <array>
#include <string>

#include "access_tokens.hpp"
#include "input.hpp"
#include "stoa/json.hpp"
#include "stoa/list.hpp"

namespace {

using stoa::auth::AccessTokens;
using stoa::fuzz::expect;
using stoa::fuzz::Input;

// In 2100: cpp-jwt looks at the machine's clock, too, and must not find a token late.
constexpr std::int64_t kNow = 4'102'444'800'000;
constexpr std::int64_t kValid = 900;
const std::string kKey = "0123456789abcdef0123456789abcdef";

const AccessTokens& tokens() {
  static const AccessTokens tokens(kKey);
  return tokens;
}

const std::string& own() {
  static const std::string token = tokens().issue(stoa::UserId{42}, "session-1", kNow, kValid);
  return token;
}

void check_stranger(std::string_view token) {
  const auto claims = tokens().verify(token, kNow);
  expect(claims.has_value() == (token == own()), "a token counts exactly if it was signed here");
  if (!claims) return;
  expect(claims->user.value == 42 && claims->sid == "session-1", "a token says what was put in");
  expect(claims->expires_at_s == kNow / 1000 + kValid, "a token ends when it was told to");
  expect(!tokens().verify(token, kNow + kValid * 1000), "a token does not outlive its time");
}

// Pairs of bytes: a place, and what is done there.
std::string mutated(Input input) {
  std::string token = own();
  while (!input.empty() && !token.empty()) {
    const std::size_t at = input.byte() % token.size();
    const std::uint8_t what = input.byte();
    switch (what % 4) {
      case 0: token.erase(at, 1 + what / 4); break;
      case 1: token.insert(at, 1, static_cast<char>(what)); break;
      case 2: token[at] = static_cast<char>(what / 2 + 1); break;
      case 3: token.insert(at, token.substr(0, what)); break;
    }
    if (token.size() > 2 * AccessTokens::kMaxBytes) break;
  }
  return token;
}

// A token of ours never looks like that, but nothing behind the signature may break either.
void check_signed(std::string_view header, std::string_view payload) {
  const std::string text = stoa::detail::base64url(header) + "." + stoa::detail::base64url(payload);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> tag;
  crypto_auth_hmacsha256(tag.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         reinterpret_cast<const unsigned char*>(kKey.data()));
  const std::string token =
      text + "." + stoa::detail::base64url({reinterpret_cast<const char*>(tag.data()), tag.size()});
  const auto claims = tokens().verify(token, kNow);
  if (!claims) return;
  expect(claims->user.value > 0 && claims->expires_at_s > kNow / 1000,
         "what counts names a user and has not ended");
  const auto head = stoa::parse_json(header);
  expect(head && head->IsObject() && (*head)["alg"] == "HS256" && !head->HasMember("crit"),
         "its header is ours");
  const auto body = stoa::parse_json(payload);
  expect(body && body->IsObject() && (*body)["iss"] == "stoa", "its issuer is us");
  expect((*body)["exp"].IsInt64() && (*body)["exp"].GetInt64() == claims->expires_at_s,
         "its end is what it says");
  const auto& sid = (*body)["sid"];
  expect(sid.IsString() && std::string_view(sid.GetString(), sid.GetStringLength()) == claims->sid,
         "its session is what it says");
  const auto& sub = (*body)["sub"];
  expect(sub.IsString() && std::stoll(sub.GetString()) == claims->user.value, "its user is what it says");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const auto kind = input.line();
  if (kind == "own") {
    check_stranger(mutated(input));
  } else if (kind == "signed") {
    const auto payload = input.line();
    check_signed(input.rest(), payload);
  } else {
    check_stranger(input.rest());
  }
  return 0;
}
