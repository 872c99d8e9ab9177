#include "facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stoa::notification {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(Facts, OfAComment) {
  const auto facts =
      read_comment(R"({"id":17,"post_id":12,"author":{"id":3,"nickname":"ann"},"body":"x","mentions":[4,5],
    "post_author_id":6,"parent_author_id":null,"post_title":"Hello","post_slug":"hello"})");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->id, 17);
  EXPECT_EQ(facts->post, 12);
  EXPECT_EQ(facts->author, UserId{3});
  EXPECT_EQ(facts->post_author, UserId{6});
  EXPECT_FALSE(facts->parent_author);
  EXPECT_THAT(facts->mentions, ElementsAre(UserId{4}, UserId{5}));
  EXPECT_EQ(facts->post_title, "Hello");
  EXPECT_EQ(facts->post_slug, "hello");
}

TEST(Facts, OfAVote) {
  const auto facts = read_vote(
      R"({"kind":"comment","id":17,"post_id":12,"post_title":"T","post_slug":"t","author_id":1,"user_id":2,"value":-1})");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->kind, Kind::comment);
  EXPECT_FALSE(facts->liked);
  const auto like = read_vote(R"({"kind":"post","id":12,"post_id":12,"author_id":1,"user_id":2,"value":1})");
  ASSERT_TRUE(like);
  EXPECT_TRUE(like->liked);
  EXPECT_FALSE(read_vote(R"({"kind":"user","id":12,"post_id":12,"author_id":1,"user_id":2,"value":1})"));
}

TEST(Facts, OfAMessage) {
  const auto facts = read_message(
      R"({"id":7,"conversation_id":5,"sender":{"id":1},"conversation_title":null,"member_ids":[1,2]})");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->title, "");
  EXPECT_THAT(facts->members, ElementsAre(UserId{1}, UserId{2}));
}

TEST(Facts, OfUnreadCounts) {
  const auto facts =
      read_unread(R"({"conversation_id":5,"unread":[{"user_id":2,"unread":3}],"sender_id":1})");
  ASSERT_TRUE(facts);
  EXPECT_THAT(facts->unread, ElementsAre(Pair(UserId{2}, 3)));
  EXPECT_EQ(facts->sender, UserId{1});
}

TEST(Facts, NothingOfRedactedOrStrangeData) {
  for (const char* data : {"{}", "[]", "", "{", "null", R"({"id":"17"})", R"({"id":17,"author":3})"}) {
    EXPECT_FALSE(read_post(data)) << data;
    EXPECT_FALSE(read_comment(data)) << data;
    EXPECT_FALSE(read_vote(data)) << data;
    EXPECT_FALSE(read_post_read(data)) << data;
    EXPECT_FALSE(read_message(data)) << data;
    EXPECT_FALSE(read_chat_read(data)) << data;
    EXPECT_FALSE(read_unread(data)) << data;
  }
  EXPECT_FALSE(read_deleted("{}"));
}

}  // namespace
}  // namespace stoa::notification
