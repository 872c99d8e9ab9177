#include <string>
#include <utility>
#include <vector>

#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

class Prepared : public StorageTest {};

TEST_F(Prepared, IsToldOncePerSessionWithItsOwner) {
  std::mutex mutex;
  std::vector<std::pair<std::string, std::string>> told;
  DatabaseOptions with = options();
  with.on_prepared = [&](std::string_view owner, std::string_view text) {
    std::lock_guard lock(mutex);
    told.emplace_back(owner, text);
  };
  open(with);
  create("posts", "CREATE TABLE posts_v (i BIGINT);");
  {
    std::lock_guard lock(mutex);
    told.clear();
  }
  const std::string insert = "INSERT INTO posts_v (i) VALUES (?1)";
  ASSERT_TRUE(write("posts", insert, {number(1)}));
  ASSERT_TRUE(write("posts", insert, {number(2)}));
  const std::string count = "SELECT count(*) FROM posts_v";
  EXPECT_EQ(read_one("posts", count), 2);
  EXPECT_EQ(read_one("posts", count), 2);
  std::lock_guard lock(mutex);
  const std::vector<std::pair<std::string, std::string>> expected = {{"posts", insert}, {"posts", count}};
  EXPECT_EQ(told, expected);
}

}  // namespace
}  // namespace stoa::core::storage
