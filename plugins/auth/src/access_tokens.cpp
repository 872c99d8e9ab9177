#include "access_tokens.hpp"

#include <sodium.h>

#include <charconv>
#include <jwt/jwt.hpp>

#include "stoa/json.hpp"
#include "stoa/list.hpp"

namespace stoa::auth {

namespace {

constexpr std::size_t kMostVerified = 8'192;

struct Parts {
  std::string_view signed_text;  // header.payload
  std::string header;
  std::string payload;
  std::string signature;
};

// Canonical base64url without padding: exactly one text for each sequence of bytes.
std::optional<std::string> decoded(std::string_view text) {
  auto raw = detail::from_base64url(text);
  if (!raw || text.empty() || detail::base64url(*raw) != text) return std::nullopt;
  return raw;
}

std::optional<Parts> split(std::string_view token) {
  if (token.size() > AccessTokens::kMaxBytes) return std::nullopt;
  const auto first = token.find('.');
  const auto second = token.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  auto header = decoded(token.substr(0, first));
  auto payload = decoded(token.substr(first + 1, second - first - 1));
  auto signature = decoded(token.substr(second + 1));
  if (!header || !payload || !signature) return std::nullopt;
  return Parts{token.substr(0, second), std::move(*header), std::move(*payload), std::move(*signature)};
}

bool is_signed(const Parts& parts, std::string_view key) {
  if (parts.signature.size() != crypto_auth_hmacsha256_BYTES) return false;
  return crypto_auth_hmacsha256_verify(reinterpret_cast<const unsigned char*>(parts.signature.data()),
                                       reinterpret_cast<const unsigned char*>(parts.signed_text.data()),
                                       parts.signed_text.size(),
                                       reinterpret_cast<const unsigned char*>(key.data())) == 0;
}

bool is_text(const rapidjson::Value& object, const char* name, std::string_view expected) {
  const auto member = object.FindMember(name);
  return member != object.MemberEnd() && member->value.IsString() &&
         std::string_view(member->value.GetString(), member->value.GetStringLength()) == expected;
}

bool header_fits(const Parts& parts) {
  const auto header = parse_json(parts.header);
  if (!header || !header->IsObject()) return false;
  if (header->HasMember("typ") && !is_text(*header, "typ", "JWT")) return false;
  return is_text(*header, "alg", "HS256") && !header->HasMember("crit");
}

// cpp-jwt converts them, whatever they are, before anybody can look.
bool times_fit(const rapidjson::Value& payload) {
  for (const char* name : {"exp", "iat", "nbf"}) {
    const auto member = payload.FindMember(name);
    if (member != payload.MemberEnd() && !member->value.IsInt64()) return false;
  }
  return true;
}

}  // namespace

AccessTokens::AccessTokens(std::string key)
    : key_(std::move(key)), cache_key_(crypto_generichash_KEYBYTES, '\0') {
  if (key_.size() != crypto_auth_hmacsha256_KEYBYTES) throw std::invalid_argument("a key has 32 bytes");
  randombytes_buf(cache_key_.data(), cache_key_.size());
}

std::string AccessTokens::issue(UserId user, std::string_view sid, std::int64_t now_ms,
                                std::int64_t valid_s) const {
  using namespace jwt::params;
  jwt::jwt_object token{algorithm("HS256"), secret(key_)};
  const auto now_s = static_cast<std::uint64_t>(now_ms / 1'000);
  token.add_claim("iss", std::string(kIssuer))
      .add_claim("sub", std::to_string(user.value))
      .add_claim("sid", std::string(sid))
      .add_claim("iat", now_s)
      .add_claim("exp", now_s + static_cast<std::uint64_t>(valid_s));
  return token.signature();
}

std::optional<Claims> AccessTokens::verify(std::string_view token, std::int64_t now_ms) const {
  if (token.empty() || token.size() > kMaxBytes) return std::nullopt;
  std::string name(16, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(name.data()), name.size(),
                     reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                     reinterpret_cast<const unsigned char*>(cache_key_.data()), cache_key_.size());
  std::optional<Claims> claims;
  {
    std::lock_guard lock(mutex_);
    if (const auto known = verified_.find(name); known != verified_.end()) claims = known->second;
  }
  if (!claims) {
    claims = verify_anew(token);
    if (!claims) return std::nullopt;
    std::lock_guard lock(mutex_);
    if (verified_.size() >= kMostVerified) verified_.clear();
    verified_.emplace(std::move(name), *claims);
  }
  if (claims->expires_at_s <= now_ms / 1'000) return std::nullopt;
  return claims;
}

std::optional<Claims> AccessTokens::verify_anew(std::string_view token) const {
  const auto parts = split(token);
  if (!parts || !is_signed(*parts, key_) || !header_fits(*parts)) return std::nullopt;
  // Bounds what cpp-jwt copies recursively.
  if (const auto payload = parse_json(parts->payload);
      !payload || !payload->IsObject() || !times_fit(*payload))
    return std::nullopt;
  try {
    using namespace jwt::params;
    const std::string text(token);
    const jwt::jwt_object object = jwt::decode(text, algorithms({"HS256"}), secret(key_),
                                               issuer(std::string(kIssuer)), jwt::params::verify(true));
    const auto& payload = object.payload();
    for (const char* claim : {"iss", "sub", "sid", "iat", "exp"}) {
      if (!payload.has_claim(claim)) return std::nullopt;
    }
    const auto& json = payload.create_json_obj();
    Claims claims;
    claims.sid = json["sid"].get<std::string>();
    claims.expires_at_s = json["exp"].get<std::int64_t>();
    const std::string sub = json["sub"].get<std::string>();
    const auto read = std::from_chars(sub.data(), sub.data() + sub.size(), claims.user.value);
    if (read.ec != std::errc() || read.ptr != sub.data() + sub.size() || claims.user.value < 1)
      return std::nullopt;
    return claims;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace stoa::auth
