#include "password_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "common_passwords.hpp"
#include "password_hash.hpp"
#include "secrets.hpp"

namespace stoa::auth {
namespace {

std::string fault(std::string_view password, std::size_t min = 10) {
  const auto found = password_fault(password, min, "ann-smith-77", "ann@example.test");
  return found ? found->code : "";
}

TEST(PasswordRules, AcceptsGoodOnes) {
  for (const char* password : {"correct horse battery staple", "k3#vLq9!pa", "   spaces   ", "пароль-мой-дом",
                               "ann-smith-77 likes tea", "1234567891011121314"})
    EXPECT_EQ(fault(password), "") << password;
}

TEST(PasswordRules, MeasuresInCharacters) {
  EXPECT_EQ(fault(""), "required");
  EXPECT_EQ(fault("k3#vLq9!p"), "too_short");
  EXPECT_EQ(fault("éàèùâêîôû"), "too_short");
  EXPECT_EQ(fault("éàèùâêîôûö"), "");
  EXPECT_EQ(fault("k3#vLq9!pakk", 15), "too_short");
  std::string longest;
  while (longest.size() < 1'024) longest += "k3#vLq9!pa-" + std::to_string(longest.size());
  longest.resize(1'024);
  EXPECT_EQ(fault(longest), "");
  EXPECT_EQ(fault(longest + "x"), "too_long");
}

TEST(PasswordRules, RefusesCommonOnes) {
  for (const char* password : {"password123", "Password123", "1234567890", "qwertyuiop", "QWERTYUIOP",
                               "aaaaaaaaaaaa", "abababababab", "abcabcabcabc", "wxyzwxyzwxyz", "abcdefghij",
                               "jihgfedcba", "9876543210", "asdfghjkl;", "iloveyou123"})
    EXPECT_EQ(fault(password), "too_common") << password;
}

TEST(PasswordRules, RefusesNames) {
  for (const char* password :
       {"ann-smith-77", "ANN-SMITH-77", "ann-smith-77ann-smith-77", "ann@example.test", "Ann@Example.Test"})
    EXPECT_EQ(fault(password), "too_similar") << password;
}

TEST(PasswordRules, ListIsSortedForTheSearch) {
  EXPECT_TRUE(std::is_sorted(std::begin(kCommonPasswords), std::end(kCommonPasswords)));
}

TEST(PasswordHash, FitsItsPasswordOnly) {
  start_crypto();
  const std::string hash = hash_password("correct horse");
  EXPECT_EQ(hash.rfind("$argon2id$v=19$m=65536,t=2,p=1$", 0), 0u) << hash;
  EXPECT_TRUE(verify_password(hash, "correct horse"));
  EXPECT_FALSE(verify_password(hash, "correct horsf"));
  EXPECT_FALSE(verify_password("", "correct horse"));
  EXPECT_FALSE(verify_password(std::string(500, 'x'), "correct horse"));
}

TEST(PasswordHash, NobodysCostsTheSame) {
  start_crypto();
  EXPECT_EQ(kNobodysHash.rfind("$argon2id$v=19$m=65536,t=2,p=1$", 0), 0u);
  EXPECT_EQ(kNobodysHash.size(), hash_password("x").size());
  EXPECT_FALSE(verify_password(kNobodysHash, ""));
}

}  // namespace
}  // namespace stoa::auth
