#include "vote_group.hpp"

#include <gtest/gtest.h>

namespace stoa::notification {
namespace {

constexpr VoteRule kRule{3, 1'000};

Item group(State state, std::int64_t alerts) {
  Item item;
  item.state = state;
  item.started_at = 10'000;
  item.alerts = alerts;
  return item;
}

TEST(VoteGroup, TheFirstVoteOpensIt) {
  EXPECT_EQ(decide_vote(std::nullopt, 10'000, kRule), VoteStep::open);
}

TEST(VoteGroup, AnUnreadOneGathersSilentlyHoweverOld) {
  EXPECT_EQ(decide_vote(group(State::unread, 1), 10'001, kRule), VoteStep::join);
  EXPECT_EQ(decide_vote(group(State::unread, 1), 99'999, kRule), VoteStep::join);
}

TEST(VoteGroup, AReadOneCallsAgainUntilTheThirdVote) {
  EXPECT_EQ(decide_vote(group(State::read, 1), 10'500, kRule), VoteStep::call);
  EXPECT_EQ(decide_vote(group(State::read, 2), 10'500, kRule), VoteStep::join);
}

TEST(VoteGroup, VotingBackAndForthCallsNoMoreOften) {
  EXPECT_EQ(decide_vote(group(State::hidden, 1), 10'500, kRule), VoteStep::call);
  EXPECT_EQ(decide_vote(group(State::hidden, 2), 10'500, kRule), VoteStep::join);
}

TEST(VoteGroup, AfterTheWindowTheNextOpensANewOne) {
  EXPECT_EQ(decide_vote(group(State::read, 1), 10'999, kRule), VoteStep::call);
  EXPECT_EQ(decide_vote(group(State::read, 1), 11'000, kRule), VoteStep::open);
}

TEST(VoteGroup, AGroupOfOneNeverCallsAgain) {
  EXPECT_EQ(decide_vote(group(State::read, 1), 10'500, VoteRule{1, 1'000}), VoteStep::join);
}

}  // namespace
}  // namespace stoa::notification
