#include "stored_lists.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stoa::posts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(StoredLists, ComeBackAsTheyWere) {
  EXPECT_EQ(store_ids({{3}, {7}}), "3,7");
  EXPECT_THAT(stored_ids("3,7"), ElementsAre(CategoryId{3}, CategoryId{7}));
  EXPECT_EQ(store_tags({"cats", "big dogs"}), "cats,big dogs");
  EXPECT_THAT(stored_tags("cats,big dogs"), ElementsAre("cats", "big dogs"));
}

TEST(StoredLists, MayBeEmpty) {
  EXPECT_EQ(store_ids({}), "");
  EXPECT_THAT(stored_ids(""), IsEmpty());
  EXPECT_THAT(stored_tags(""), IsEmpty());
}

TEST(StoredLists, GiveTheFactsOfAnIndexEntry) {
  EXPECT_EQ(facts_of({5}, "3,7"), "a5 c3 c7");
  EXPECT_EQ(facts_of({5}, ""), "a5");
}

}  // namespace
}  // namespace stoa::posts
