#include "storage/job_table.hpp"

#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

class JobTableTest : public StorageTest {
 protected:
  Result<void> enqueue(const std::string& owner, int count) {
    return db().write(owner, [&](Transaction& transaction) -> Result<void> {
      for (int i = 0; i < count; ++i) {
        if (auto done = transaction.enqueue("q", "{}", 5); !done) return done.error();
      }
      return {};
    });
  }
  std::vector<std::int64_t> ids(const std::string& owner) {
    return read("core", "SELECT id FROM core_job WHERE owner = ?1 ORDER BY id", {text(owner)});
  }
};

TEST_F(JobTableTest, OfWhatIsParkedTheNewestOfThatOwnerAreKept) {
  JobTable table(db());
  ASSERT_TRUE(enqueue("polls", 5));  // 1 to 5
  ASSERT_TRUE(enqueue("chat", 1));   // 6
  EXPECT_EQ(*table.park("chat", 6, 1, 7, "no", 2), 0);
  EXPECT_EQ(*table.park("polls", 2, 1, 7, "no", 2), 0);
  EXPECT_EQ(*table.park("polls", 3, 1, 7, "no", 2), 0);
  EXPECT_EQ(ids("polls"), (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(*table.park("polls", 4, 1, 7, "no", 2), 1);
  // 1 and 5 wait: they are none of those that are counted.
  EXPECT_EQ(ids("polls"), (std::vector<std::int64_t>{1, 3, 4, 5}));
  EXPECT_EQ(*table.park("polls", 5, 1, 7, "no", 1), 2);
  EXPECT_EQ(ids("polls"), (std::vector<std::int64_t>{1, 5}));
  EXPECT_EQ(ids("chat"), std::vector<std::int64_t>{6});
}

}  // namespace
}  // namespace stoa::core::storage
