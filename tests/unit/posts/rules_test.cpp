#include "rules.hpp"

#include <gtest/gtest.h>

namespace stoa::posts {
namespace {

constexpr std::int64_t kNow = 1'800'000'000'000;
constexpr std::int64_t kDay = 86'400'000;
constexpr PaceLimits kLimits{15, 300, 24, 3};
constexpr Actor kAuthor{{1}, false};
constexpr Actor kStranger{{2}, false};
constexpr Actor kModerator{{3}, true};

Pace settled() {
  return {.now = kNow, .last = {}, .last_same = {}, .registered_at = kNow - 2 * kDay, .written = 100};
}

int wait(const Pace& pace) {
  const auto verdict = check_pace(pace, kLimits);
  if (verdict) return 0;
  EXPECT_EQ(verdict.error().code, ErrorCode::rate_limited);
  return verdict.error().retry_after_s;
}

TEST(Pace, LetsMembersWrite) {
  EXPECT_EQ(wait(settled()), 0);
}

TEST(Pace, KeepsTextsApart) {
  Pace pace = settled();
  pace.last = kNow - 14'001;
  EXPECT_EQ(wait(pace), 1);
  pace.last = kNow;
  EXPECT_EQ(wait(pace), 15);
  pace.last = kNow - 15'000;
  EXPECT_EQ(wait(pace), 0);
}

TEST(Pace, RefusesTheSameTextForAWhile) {
  Pace pace = settled();
  pace.last_same = kNow - 299'000;
  EXPECT_EQ(wait(pace), 1);
  pace.last_same = kNow - 300'000;
  EXPECT_EQ(wait(pace), 0);
}

TEST(Pace, LimitsNewcomers) {
  Pace pace = settled();
  pace.registered_at = kNow - kDay + 60'000;
  pace.written = 2;
  EXPECT_EQ(wait(pace), 0);
  pace.written = 3;
  EXPECT_EQ(wait(pace), 60);
}

TEST(MayEdit, IsForTheAuthorForAWhile) {
  EXPECT_TRUE(may_edit(kAuthor, {1}, kNow - 30 * kDay, kNow, 30));
  EXPECT_FALSE(may_edit(kAuthor, {1}, kNow - 30 * kDay - 1, kNow, 30));
  EXPECT_FALSE(may_edit(kStranger, {1}, kNow, kNow, 30));
}

TEST(MayEdit, IsForModeratorsAlways) {
  EXPECT_TRUE(may_edit(kModerator, {1}, 0, kNow, 30));
  EXPECT_TRUE(may_delete(kModerator, {1}));
}

TEST(MayDelete, IsForTheAuthor) {
  EXPECT_TRUE(may_delete(kAuthor, {1}));
  EXPECT_FALSE(may_delete(kStranger, {1}));
  EXPECT_EQ(may_delete(kStranger, {1}).error().code, ErrorCode::forbidden);
}

TEST(EditedAt, IsSilentAtFirst) {
  EXPECT_EQ(edited_at({}, kNow, kNow + 300'000, 300), std::nullopt);
  EXPECT_EQ(edited_at({}, kNow, kNow + 300'001, 300), kNow + 300'001);
}

TEST(Depth, EndsSomewhere) {
  EXPECT_EQ(depth_below(0), 1);
  EXPECT_EQ(depth_below(kMaxDepth), kMaxDepth);
}

TEST(TextHash, TellsTextsApart) {
  EXPECT_EQ(text_hash("a"), text_hash("a"));
  EXPECT_NE(text_hash("a"), text_hash("b"));
  EXPECT_NE(text_hash(""), text_hash("a"));
}

}  // namespace
}  // namespace stoa::posts
