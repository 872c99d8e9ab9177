#include "names.hpp"

#include <gtest/gtest.h>

namespace stoa::auth {
namespace {

std::string fault(std::string_view nickname, bool reserved_too = true) {
  Settings settings;
  settings.reserved_nicknames = {"admin", "root"};
  const auto found = nickname_fault(nickname, settings, reserved_too);
  return found ? found->code : "";
}

TEST(Nickname, Rules) {
  for (const char* good : {"ann", "Ann_B-77", "___", "a-b", "12345678901234567890"})
    EXPECT_EQ(fault(good), "") << good;
  EXPECT_EQ(fault(""), "required");
  EXPECT_EQ(fault("an"), "too_short");
  EXPECT_EQ(fault("123456789012345678901"), "too_long");
  for (const char* bad : {"a b", "ann!", "ännchen", "ann@home", "ann/..", "ann\n", "<b>bob</b>"})
    EXPECT_EQ(fault(bad), "invalid") << bad;
}

TEST(Nickname, ReservedOnesAreForOperators) {
  EXPECT_EQ(fault("Admin"), "reserved");
  EXPECT_EQ(fault("ROOT"), "reserved");
  EXPECT_EQ(fault("admin", false), "");
  Settings settings;
  settings.nickname_min = 1;
  EXPECT_EQ(nickname_fault("Me", settings, false)->code, "reserved");
}

TEST(Email, Rules) {
  for (const char* good : {"a@b.co", "Ann.B+tag@mail.example.test", "ann@sub-domain.example",
                           "änn@exämple.test", "o'brien@example.ie"})
    EXPECT_TRUE(is_email(good)) << good;
  for (const char* bad : {"",
                          "ann",
                          "ann@",
                          "@example.test",
                          "ann@example",
                          "ann@@example.test",
                          "a b@example.test",
                          "ann@exam ple.test",
                          ".ann@example.test",
                          "ann.@example.test",
                          "a..n@example.test",
                          "ann@-x.test",
                          "ann@x-.test",
                          "ann@.test",
                          "ann@x..test",
                          "ann@x.test.",
                          "ann@x.test\n",
                          "\"ann\"@example.test",
                          "ann@[127.0.0.1]",
                          "<ann@example.test>"})
    EXPECT_FALSE(is_email(bad)) << bad;
  EXPECT_FALSE(is_email(std::string(65, 'a') + "@example.test"));
  EXPECT_FALSE(is_email("a@" + std::string(64, 'b') + ".test"));
}

TEST(PictureUrl, Rules) {
  EXPECT_TRUE(is_picture_url("https://example.test/a.png?size=80"));
  for (const char* bad :
       {"", "http://example.test/a.png", "javascript:alert(1)", "//example.test/a.png", "https://",
        "https://x.test/\"onerror=", "https://x.test/a b", "data:image/png;base64,x"})
    EXPECT_FALSE(is_picture_url(bad)) << bad;
}

TEST(Fold, TouchesAsciiOnly) {
  EXPECT_EQ(fold("AnN_Ä-Z9"), "ann_Ä-z9");
}

TEST(Settings, DefaultsAndValues) {
  const auto defaults = parse_settings("{}");
  ASSERT_TRUE(defaults);
  EXPECT_TRUE(defaults->registration_open);
  EXPECT_EQ(defaults->access_seconds, 900);
  const auto settings = parse_settings(
      R"({"registration":"closed","required_fields":["age"],"reserved_nicknames":["Boss"],"access_minutes":5,
          "refresh_days":2,"login_failures":3})");
  ASSERT_TRUE(settings);
  EXPECT_FALSE(settings->registration_open);
  EXPECT_EQ(settings->required_fields.count("age"), 1u);
  EXPECT_EQ(settings->reserved_nicknames.count("boss"), 1u);
  EXPECT_EQ(settings->access_seconds, 300);
  EXPECT_EQ(settings->refresh_seconds, 172'800);
  EXPECT_EQ(settings->login_failures, 3);
}

TEST(Settings, RefusesContradictions) {
  EXPECT_FALSE(parse_settings(R"({"nickname_min_length":10,"nickname_max_length":5})"));
  EXPECT_FALSE(parse_settings(R"({"access_minutes":0})"));
  EXPECT_FALSE(parse_settings(R"({"unknown":1})"));
}

}  // namespace
}  // namespace stoa::auth
