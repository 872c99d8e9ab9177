#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

class MigrationsTest : public StorageTest {
 protected:
  static Migration step(int n, std::string sql) {
    return {n, "000" + std::to_string(n) + "_step", std::move(sql)};
  }
  Result<int> migrate(std::vector<Migration> migrations) { return db().migrate("posts", migrations); }
};

TEST_F(MigrationsTest, SplitsWhatOnlyAParserCanSplit) {
  auto done = migrate({step(1, R"(
    -- a comment; with a semicolon
    CREATE TABLE posts_a (t TEXT DEFAULT 'x;y', "odd;name" TEXT); /* ; */
    CREATE TRIGGER posts_a_i AFTER INSERT ON posts_a BEGIN
      UPDATE posts_a SET t = 'a;b' WHERE t = CASE WHEN new.t = ';' THEN ';' END;
      DELETE FROM posts_a WHERE t = 'never;';
    END;
    INSERT INTO posts_a (t) VALUES (';');;
    INSERT INTO posts_a (t) VALUES ('it''s; fine')
    -- nothing follows
  )")});
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(*done, 1);
  EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_a WHERE t IN ('a;b', 'it''s; fine')"), 2);
}

TEST_F(MigrationsTest, ApplyOnceAndGoOn) {
  const std::vector<Migration> first = {step(1, "CREATE TABLE posts_a (n BIGINT)")};
  EXPECT_EQ(*migrate(first), 1);
  EXPECT_EQ(*migrate(first), 0);
  std::vector<Migration> second = first;
  second.push_back(step(2, "ALTER TABLE posts_a ADD COLUMN m BIGINT"));
  second.push_back(step(3, "CREATE VIRTUAL TABLE posts_s USING fts5 (t)"));
  open();
  EXPECT_EQ(*migrate(second), 2);
  EXPECT_EQ(read("posts", "SELECT m FROM posts_a"), std::vector<std::int64_t>{});
  EXPECT_EQ(
      read_one("core", "SELECT count(*) FROM core_migration WHERE owner = 'posts' AND applied_at = 1000"), 3);
  EXPECT_EQ(*db().migrate("chat", {}), 0);
}

TEST_F(MigrationsTest, AFailedOneLeavesNothing) {
  auto failed = migrate({step(1, "CREATE TABLE posts_a (n BIGINT)"),
                         step(2,
                              "CREATE TABLE posts_b (n BIGINT); CREATE TABLE posts_c (n BIGINT); INSERT INTO "
                              "posts_d VALUES (1);")});
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("posts: migration 2 (0002_step)"), std::string::npos) << why(failed);
  EXPECT_NE(failed.error().message.find("statement 3: no such table: posts_d"), std::string::npos)
      << why(failed);
  EXPECT_TRUE(write("posts", "INSERT INTO posts_a (n) VALUES (1)"));
  EXPECT_FALSE(write("posts", "INSERT INTO posts_b (n) VALUES (1)"));
  EXPECT_EQ(
      *migrate({step(1, "CREATE TABLE posts_a (n BIGINT)"), step(2, "CREATE TABLE posts_b (n BIGINT)")}), 1);
}

TEST_F(MigrationsTest, RefuseWhatDoesNotFit) {
  const Migration one = step(1, "CREATE TABLE posts_a (n BIGINT)");
  const Migration two = step(2, "CREATE TABLE posts_b (n BIGINT)");
  EXPECT_NE(why(migrate({two})).find("posts: migration 2 (0002_step): its number is 2, and 1 is missing"),
            std::string::npos);
  ASSERT_TRUE(migrate({one, two}));
  auto changed = migrate({one, step(2, "CREATE TABLE posts_b (n TEXT)")});
  EXPECT_NE(why(changed).find("posts: migration 2 (0002_step): its text was changed"), std::string::npos);
  auto older = migrate({one});
  EXPECT_NE(why(older).find("posts: migration 2 (0002_step): it was applied by a newer version"),
            std::string::npos);
  ASSERT_TRUE(write("core", "DELETE FROM core_migration WHERE owner = 'posts' AND number = 1"));
  auto gap = migrate({one, two});
  EXPECT_NE(why(gap).find("posts: migration 1 (0001_step): it is missing in the database"),
            std::string::npos);
}

TEST_F(MigrationsTest, StayAmongTheirOwnTables) {
  ASSERT_TRUE(
      db().migrate("chat", std::vector<Migration>{step(1, "CREATE TABLE chat_m (id BIGINT PRIMARY KEY)")}));
  for (const char* sql :
       {"CREATE TABLE chat_x (n BIGINT)", "DROP TABLE chat_m",
        "CREATE TABLE posts_x (n BIGINT REFERENCES chat_m (id))", "PRAGMA foreign_keys = OFF", "COMMIT",
        "CREATE TABLE posts_y (n BIGINT); ALTER TABLE posts_y RENAME TO chat_y"}) {
    auto refused = migrate({step(1, sql)});
    ASSERT_FALSE(refused) << sql;
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden) << sql << why(refused);
  }
  EXPECT_TRUE(migrate({step(1, "CREATE TABLE posts_y (n BIGINT)")}));
  EXPECT_EQ(
      db().migrate("chat-extra", std::vector<Migration>{step(1, "CREATE TABLE chat_extra_t (n BIGINT)")})
          .error()
          .code,
      ErrorCode::conflict);
}

TEST_F(MigrationsTest, TheStoragesOwnAreOutOfReach) {
  EXPECT_FALSE(db().migrate("storage", {}));
  const auto taken =
      db().migrate("core", std::vector<Migration>{step(1, "CREATE TABLE core_job (n BIGINT)")});
  EXPECT_NE(why(taken).find("table core_job already exists"), std::string::npos) << why(taken);
  EXPECT_EQ(*db().migrate("core", std::vector<Migration>{step(1, "CREATE TABLE core_a (n BIGINT)")}), 1);
}

}  // namespace
}  // namespace stoa::core::storage
