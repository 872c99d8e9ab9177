#include "access_tokens.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "secrets.hpp"
#include "stoa/json.hpp"
#include "stoa/list.hpp"

namespace stoa::auth {
namespace {

std::string sign(const std::string& header, const std::string& payload, const std::string& key) {
  const std::string text = detail::base64url(header) + "." + detail::base64url(payload);
  std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256(reinterpret_cast<unsigned char*>(mac.data()),
                         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         reinterpret_cast<const unsigned char*>(key.data()));
  return text + "." + detail::base64url(mac);
}

class AccessTokensTest : public testing::Test {
 protected:
  AccessTokensTest() { start_crypto(); }

  std::string payload(const std::string& changed_name = "", const std::string& changed_value = "") const {
    Json json;
    json.begin_object();
    const auto add = [&](const std::string& name, const std::string& value) {
      if (name != changed_name) {
        json.raw_field(name, value);
      } else if (!changed_value.empty()) {
        json.raw_field(name, changed_value);
      }
    };
    add("iss", "\"stoa\"");
    add("sub", "\"42\"");
    add("sid", "\"0123456789abcdef0123456789abcdef\"");
    add("iat", std::to_string(now / 1000));
    add("exp", std::to_string(now / 1000 + 900));
    return json.end_object().take();
  }

  // cpp-jwt looks at the machine's clock, too.
  const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  const std::string key = std::string(32, 'k');
  const std::string header = R"({"alg":"HS256","typ":"JWT"})";
  AccessTokens tokens{key};
};

TEST_F(AccessTokensTest, ReadsWhatItIssued) {
  const std::string token = tokens.issue(UserId{42}, "0123456789abcdef0123456789abcdef", now, 900);
  for (int round = 0; round < 2; ++round) {
    const auto claims = tokens.verify(token, now);
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->user.value, 42);
    EXPECT_EQ(claims->sid, "0123456789abcdef0123456789abcdef");
  }
}

TEST_F(AccessTokensTest, EndsWithItsTime) {
  const std::string token = tokens.issue(UserId{42}, "s", now, 900);
  EXPECT_TRUE(tokens.verify(token, now + 899'000));
  EXPECT_FALSE(tokens.verify(token, now + 901'000));
  EXPECT_FALSE(tokens.verify(tokens.issue(UserId{42}, "s", now - 2'000'000, 900), now));
}

TEST_F(AccessTokensTest, RefusesAnotherKey) {
  EXPECT_FALSE(AccessTokens(std::string(32, 'x')).verify(tokens.issue(UserId{42}, "s", now, 900), now));
}

TEST_F(AccessTokensTest, RefusesEveryChangedCharacter) {
  const std::string token = tokens.issue(UserId{42}, "s", now, 900);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.verify(changed, now)) << "at " << i;
    EXPECT_FALSE(tokens.verify(token.substr(0, i), now));
  }
}

TEST_F(AccessTokensTest, RequiresEveryClaim) {
  EXPECT_TRUE(tokens.verify(sign(header, payload(), key), now));
  for (const char* name : {"iss", "sub", "sid", "iat", "exp"})
    EXPECT_FALSE(tokens.verify(sign(header, payload(name), key), now)) << name;
}

TEST_F(AccessTokensTest, RefusesClaimsOfOtherTypes) {
  for (const char* name : {"iss", "sub", "sid", "iat", "exp"}) {
    for (const char* value : {"null", "[]", "{}", "true", "-1", "1.5", "\"x\""}) {
      if (std::string_view(name) == "sid" && std::string_view(value) == "\"x\"") continue;
      // Any integer may be the time of issue.
      if (std::string_view(name) == "iat" && std::string_view(value) == "-1") continue;
      EXPECT_FALSE(tokens.verify(sign(header, payload(name, value), key), now)) << name << ' ' << value;
    }
  }
  for (const char* sub : {"\"\"", "\"0\"", "\"-4\"", "\"4 2\"", "\"99999999999999999999\""})
    EXPECT_FALSE(tokens.verify(sign(header, payload("sub", sub), key), now)) << sub;
}

TEST_F(AccessTokensTest, RefusesOtherHeaders) {
  for (const char* other : {R"({"alg":"none"})", R"({"alg":"NONE","typ":"JWT"})", R"({"alg":"HS384"})",
                            R"({"alg":"RS256"})", R"({"alg":"hs256"})", R"({"alg":null})", R"({"typ":"JWT"})",
                            R"({"alg":["HS256"]})", R"({"alg":"HS256","crit":["exp"]})",
                            R"({"alg":"HS256","crit":[]})", R"({"alg":"HS256","typ":"at+jwt"})",
                            R"({"alg":"HS256","alg":"none"})", R"([])", R"("HS256")", "", "{"})
    EXPECT_FALSE(tokens.verify(sign(other, payload(), key), now)) << other;
}

TEST_F(AccessTokensTest, RefusesUnsignedNesting) {
  const std::string deep = std::string(1'200, '[') + std::string(1'200, ']');
  EXPECT_FALSE(tokens.verify(sign(header, deep, key), now));
  EXPECT_FALSE(tokens.verify(sign(header, deep, std::string(32, 'x')), now));
}

TEST_F(AccessTokensTest, RefusesOversize) {
  const std::string long_sid = "\"" + std::string(5'000, 'a') + "\"";
  EXPECT_FALSE(tokens.verify(sign(header, payload("sid", long_sid), key), now));
}

TEST_F(AccessTokensTest, RefusesOtherSpellingsOfTheSameBytes) {
  const std::string token = sign(header, payload(), key);
  for (const std::string& other :
       {token + "=", token + " ", " " + token, token + ".", "." + token, token + ".x", token + '\n'})
    EXPECT_FALSE(tokens.verify(other, now));
  // The last character of a signature of 32 bytes has two bits that mean nothing.
  std::string other = token;
  const std::string_view alphabet = detail::kBase64Url;
  other.back() = alphabet[alphabet.find(token.back()) + 1];
  EXPECT_FALSE(tokens.verify(other, now));
}

// None of Wycheproof's signatures is one of our tokens; whatever they try must end in a refusal.
TEST_F(AccessTokensTest, RefusesWycheproof) {
  const char* corpora = std::getenv("STOA_CORPORA");
  if (!corpora) GTEST_SKIP() << "STOA_CORPORA is not set";
  std::ifstream in(std::string(corpora) + "/wycheproof/json_web_signature_test.json");
  ASSERT_TRUE(in) << "the vectors are missing";
  std::ostringstream text;
  text << in.rdbuf();
  rapidjson::Document vectors;
  vectors.Parse(text.str().c_str());
  ASSERT_FALSE(vectors.HasParseError());
  int seen = 0;
  for (const auto& group : vectors["testGroups"].GetArray()) {
    std::string secret = key;
    if (group.HasMember("private") && std::string(group["private"]["kty"].GetString()) == "oct") {
      secret = detail::from_base64url(group["private"]["k"].GetString()).value_or(key);
      secret.resize(32);
    }
    const AccessTokens verifier(secret);
    for (const auto& test : group["tests"].GetArray()) {
      const std::string jws = test["jws"].IsString() ? test["jws"].GetString() : "";
      EXPECT_FALSE(verifier.verify(jws, now)) << test["comment"].GetString();
      ++seen;
    }
  }
  EXPECT_GT(seen, 300);
}

}  // namespace
}  // namespace stoa::auth
