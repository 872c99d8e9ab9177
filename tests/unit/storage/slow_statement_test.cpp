#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

class SlowStatements : public StorageTest {
 protected:
  void open_with(std::chrono::milliseconds slow) {
    DatabaseOptions with = options();
    with.slow_statement = slow;
    open(std::move(with));
    create("posts", "CREATE TABLE posts_item (id INTEGER PRIMARY KEY, n BIGINT NOT NULL);");
  }
  // Goes on until it has taken long enough on any machine.
  std::int64_t count_slowly(std::int64_t secret) {
    return read_one(
        "posts",
        "WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 3000000) "
        "SELECT count(*) FROM up WHERE n <> ?1 AND NOT EXISTS (SELECT 1 FROM posts_item WHERE n = -1)",
        {number(secret)});
  }
};

TEST_F(SlowStatements, AreLoggedWithOwnerTextAndPlanButNotTheirValues) {
  open_with(std::chrono::milliseconds(8));
  EXPECT_EQ(count_slowly(734'512), 2'999'999);
  EXPECT_TRUE(log_.contains("warning: A statement of posts took "));
  EXPECT_TRUE(log_.contains("WITH RECURSIVE up (n)"));
  EXPECT_TRUE(log_.contains("SCAN posts_item"));
  EXPECT_FALSE(log_.contains("734512"));
}

TEST_F(SlowStatements, OthersAreNot) {
  open_with(std::chrono::hours(1));
  count_slowly(5);
  EXPECT_FALSE(log_.contains("A statement of"));
  open_with(std::chrono::milliseconds(0));
  count_slowly(5);
  EXPECT_FALSE(log_.contains("A statement of"));
}

TEST_F(SlowStatements, WorkAfterwardsAsBefore) {
  open_with(std::chrono::milliseconds(8));
  count_slowly(5);
  ASSERT_TRUE(write("posts", "INSERT INTO posts_item (n) VALUES (?1)", {number(5)}));
  EXPECT_EQ(read_one("posts", "SELECT n FROM posts_item"), 5);
  EXPECT_EQ(count_slowly(5), 2'999'999);
}

}  // namespace
}  // namespace stoa::core::storage
