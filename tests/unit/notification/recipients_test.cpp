#include "recipients.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stoa::notification {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr UserId kAuthor{1}, kPostAuthor{2}, kParent{3}, kMentioned{4}, kWatcher{5};

CommentFacts comment() {
  CommentFacts facts;
  facts.id = 10;
  facts.post = 20;
  facts.author = kAuthor;
  facts.post_author = kPostAuthor;
  return facts;
}

TEST(Recipients, TheAuthorOfThePostHearsOfAComment) {
  EXPECT_THAT(recipients_of(comment(), {}), ElementsAre(Recipient{kPostAuthor, {Type::comment}}));
}

TEST(Recipients, MentionGoesBeforeReplyBeforeComment) {
  CommentFacts facts = comment();
  facts.parent_author = kParent;
  facts.mentions = {kMentioned, kPostAuthor, kParent};
  EXPECT_THAT(recipients_of(facts, {}), ElementsAre(Recipient{kMentioned, {Type::mention}},
                                                    Recipient{kPostAuthor, {Type::mention, Type::comment}},
                                                    Recipient{kParent, {Type::mention, Type::reply}}));
}

TEST(Recipients, OneWhoIsBothIsToldOnce) {
  CommentFacts facts = comment();
  facts.parent_author = kPostAuthor;
  EXPECT_THAT(recipients_of(facts, {kPostAuthor}),
              ElementsAre(Recipient{kPostAuthor, {Type::reply, Type::comment}}));
}

TEST(Recipients, NobodyHearsOfTheirOwn) {
  CommentFacts facts = comment();
  facts.post_author = kAuthor;
  facts.parent_author = kAuthor;
  facts.mentions = {kAuthor};
  EXPECT_THAT(recipients_of(facts, {kAuthor}), IsEmpty());
}

TEST(Recipients, WatchersHearOfEveryComment) {
  CommentFacts facts = comment();
  facts.mentions = {kMentioned};
  EXPECT_THAT(recipients_of(facts, {kMentioned, kWatcher}),
              ElementsAre(Recipient{kMentioned, {Type::mention, Type::comment}},
                          Recipient{kPostAuthor, {Type::comment}}, Recipient{kWatcher, {Type::comment}}));
}

TEST(Recipients, APostTellsTheMentionedOnes) {
  EXPECT_THAT(mentioned_by(kAuthor, {kMentioned, kAuthor, kMentioned}),
              ElementsAre(Recipient{kMentioned, {Type::mention}}));
}

}  // namespace
}  // namespace stoa::notification
