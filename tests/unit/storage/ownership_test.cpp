#include "fixture.hpp"
#include "storage/sql_text.hpp"

namespace stoa::core::storage {
namespace {

class Ownership : public StorageTest {
 protected:
  void SetUp() override {
    create("chat",
           "CREATE TABLE chat_message (id INTEGER PRIMARY KEY, t TEXT); INSERT INTO chat_message (t) VALUES "
           "('secret');");
    create("posts",
           "CREATE TABLE posts_post (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT UNIQUE);"
           "CREATE VIRTUAL TABLE posts_search USING fts5 (t, content = '');"
           "CREATE INDEX posts_post_t ON posts_post (t);");
  }
};

TEST_F(Ownership, EvilStatementsAreRefused) {
  for (const std::string_view sql : {
           "SELECT t FROM chat_message",
           "SELECT count(*) FROM chat_message",
           "SELECT 1 FROM main.chat_message",
           "SELECT count(*) FROM CHAT_MESSAGE",
           "SELECT (SELECT t FROM chat_message)",
           "WITH x AS (SELECT t FROM chat_message) SELECT t FROM x",
           "INSERT INTO chat_message (t) VALUES ('x')",
           "INSERT INTO posts_post (t) SELECT t FROM chat_message",
           "UPDATE chat_message SET t = 'x'",
           "UPDATE posts_post SET t = (SELECT t FROM chat_message)",
           "DELETE FROM chat_message",
           "DROP TABLE chat_message",
           "ALTER TABLE chat_message ADD COLUMN x TEXT",
           "ALTER TABLE posts_post RENAME TO chat_post",
           "CREATE TABLE chat_other (id INTEGER)",
           "CREATE TABLE other (id INTEGER)",
           "CREATE TABLE posts_copy AS SELECT * FROM chat_message",
           "CREATE TABLE posts_child (id BIGINT REFERENCES chat_message (id))",
           "CREATE INDEX posts_i ON chat_message (t)",
           "CREATE INDEX other ON posts_post (t)",
           "CREATE TRIGGER posts_t AFTER INSERT ON chat_message BEGIN SELECT 1; END",
           "CREATE TEMP TABLE posts_t (id INTEGER)",
           "CREATE TEMP TRIGGER posts_t AFTER INSERT ON posts_post BEGIN SELECT 1; END",
           "CREATE TEMP VIEW posts_w AS SELECT 1",
           "CREATE VIRTUAL TABLE posts_other USING fts4 (t)",
           "CREATE VIRTUAL TABLE posts_other USING dbstat",
           "CREATE VIRTUAL TABLE chat_search USING fts5 (t)",
           "SELECT * FROM sqlite_master",
           "SELECT count(*) FROM sqlite_master",
           "SELECT name FROM sqlite_schema",
           "SELECT seq FROM sqlite_sequence",
           "DELETE FROM sqlite_sequence",
           "SELECT name FROM pragma_table_list",
           "SELECT count(*) FROM pragma_table_list",
           "SELECT name FROM dbstat",
           "SELECT sql FROM sqlite_stmt",
           "SELECT head FROM core_log",
           "UPDATE core_log SET head = 0",
           "ATTACH DATABASE '/tmp/x.db' AS x",
           "DETACH DATABASE main",
           "PRAGMA journal_mode = DELETE",
           "PRAGMA writable_schema = 1",
           "PRAGMA data_version",
           "/* hidden */ PRAGMA synchronous = 0",
           "-- hidden\nPRAGMA synchronous = 0",
           "BEGIN",
           "COMMIT",
           "END",
           "ROLLBACK",
           "SAVEPOINT mine",
           "RELEASE s",
           "ROLLBACK TO s",
           "INSERT OR ROLLBACK INTO posts_post (t) VALUES ('x')",
           "CREATE TRIGGER posts_t AFTER INSERT ON posts_post BEGIN SELECT RAISE(ROLLBACK, 'x'); END",
           "VACUUM",
           "VACUUM INTO '/tmp/x.db'",
           "ANALYZE",
           "SELECT load_extension('x')",
           "SELECT fts3_tokenizer('simple')",
       }) {
    const Result<void> done = write("posts", sql);
    ASSERT_FALSE(done) << sql;
    EXPECT_EQ(done.error().code, ErrorCode::forbidden) << sql << ": " << done.error().message;
    EXPECT_EQ(done.error().message.find("chat"), std::string::npos) << done.error().message;
  }
  EXPECT_EQ(read_one("chat", "SELECT count(*) FROM chat_message WHERE t = 'secret'"), 1);
  EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_post"), 0);
}

TEST_F(Ownership, DetoursFailWhenTheyAreUsed) {
  // SQLite compiles views and triggers when they are used.
  ASSERT_TRUE(write("posts", "CREATE VIEW posts_spy AS SELECT t FROM chat_message"));
  EXPECT_EQ(write("posts", "SELECT t FROM posts_spy").error().code, ErrorCode::forbidden);
  ASSERT_TRUE(write("posts",
                    "CREATE TRIGGER posts_t AFTER INSERT ON posts_post BEGIN DELETE FROM chat_message; END"));
  EXPECT_EQ(write("posts", "INSERT INTO posts_post (t) VALUES ('x')").error().code, ErrorCode::forbidden);
  EXPECT_EQ(read_one("chat", "SELECT count(*) FROM chat_message"), 1);
  const Result<void> spy =
      write("posts", "CREATE VIRTUAL TABLE posts_vocab USING fts5vocab ('chat_message', 'row')");
  EXPECT_FALSE(spy && write("posts", "SELECT term FROM posts_vocab"));
}

TEST_F(Ownership, WhatIsOwnWorks) {
  for (const std::string_view sql : {
           "INSERT INTO posts_post (t) VALUES ('one')",
           "INSERT INTO POSTS_post (t) VALUES ('two') ON CONFLICT (t) DO UPDATE SET t = excluded.t",
           "INSERT INTO posts_search (rowid, t) VALUES (1, 'hello world')",
           "INSERT INTO posts_search (posts_search) VALUES ('optimize')",
           "INSERT INTO posts_search (posts_search, rank) VALUES ('automerge', 4)",
           "INSERT INTO posts_search (posts_search) VALUES ('integrity-check')",
           "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT count(*) "
           "FROM n",
           "WITH post_names AS (SELECT t FROM posts_post) SELECT count(*) FROM post_names",
           "SELECT value FROM json_each('[1,2]')",
           "SELECT 'ROLLBACK', \"t\" FROM posts_post -- ROLLBACK",
           "CREATE TABLE posts_more (id INTEGER PRIMARY KEY, parent BIGINT REFERENCES posts_post (id), n "
           "BIGINT UNIQUE)",
           "ALTER TABLE posts_more ADD COLUMN m BIGINT NOT NULL DEFAULT 0 CHECK (m >= 0)",
           "ALTER TABLE posts_more RENAME COLUMN n TO k",
           "ALTER TABLE posts_more DROP COLUMN m",
           "ALTER TABLE posts_more RENAME TO posts_much",
           "CREATE INDEX posts_much_parent ON posts_much (parent)",
           "CREATE VIEW posts_v AS SELECT t FROM posts_post",
           "SELECT t FROM posts_v",
           "CREATE TRIGGER posts_t AFTER INSERT ON posts_post WHEN new.t = 'three' BEGIN"
           " INSERT INTO posts_post (t) VALUES ('four'); END",
           "INSERT INTO posts_post (t) VALUES ('three')",
           "EXPLAIN QUERY PLAN SELECT t FROM posts_post",
           "REINDEX posts_much_parent",
           "DROP TRIGGER posts_t",
           "DROP VIEW posts_v",
           "DROP INDEX posts_much_parent",
           "DROP TABLE posts_much",
           "DROP TABLE posts_search",
       }) {
    const Result<void> done = write("posts", sql);
    EXPECT_TRUE(done) << sql << ": " << why(done);
  }
  EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_post"), 4);
}

// The schema is not trusted, so that a damaged or planted file runs nothing: virtual tables are for
// statements alone.
TEST_F(Ownership, TriggersDoNotReachVirtualTables) {
  ASSERT_TRUE(write("posts",
                    "CREATE TRIGGER posts_t AFTER INSERT ON posts_post BEGIN"
                    " INSERT INTO posts_search (rowid, t) VALUES (new.id, new.t); END"));
  EXPECT_FALSE(write("posts", "INSERT INTO posts_post (t) VALUES ('x')"));
  EXPECT_TRUE(log_.contains("unsafe use of virtual table"));
}

TEST_F(Ownership, FullTextSearchOverOwnContent) {
  ASSERT_TRUE(
      write("posts",
            "CREATE VIRTUAL TABLE posts_fts USING fts5 (t, content = 'posts_post', content_rowid = 'id')"));
  ASSERT_TRUE(write("posts", "INSERT INTO posts_post (t) VALUES ('a quick fox')"));
  ASSERT_TRUE(write("posts", "INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')"));
  EXPECT_EQ(read("posts", "SELECT rowid FROM posts_fts WHERE posts_fts MATCH 'fox' ORDER BY bm25(posts_fts)"),
            std::vector<std::int64_t>{1});
  const Result<void> thief = write(
      "posts",
      "CREATE VIRTUAL TABLE posts_thief USING fts5 (t, content = 'chat_message', content_rowid = 'id')");
  if (thief) {
    EXPECT_FALSE(write("posts", "INSERT INTO posts_thief (posts_thief) VALUES ('rebuild')"));
  }
}

TEST_F(Ownership, ShadowTablesAreNotWrittenByHand) {
  EXPECT_FALSE(write("posts", "DELETE FROM posts_search_data"));
}

TEST_F(Ownership, NamesOfOwnersAreChecked) {
  for (const std::string owner : {"", "Posts", "9posts", "po sts", "posts;", "p\"q",
                                  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}) {
    EXPECT_FALSE(db().read(owner, [](Transaction&) -> Result<void> { return {}; })) << owner;
    EXPECT_FALSE(write(owner, "SELECT 1")) << owner;
    EXPECT_FALSE(db().migrate(owner, {})) << owner;
  }
}

TEST(SqlText, FindsTheVerbAndTheWord) {
  EXPECT_EQ(shape_of(" /* a */ -- b\n ; select 1").verb, "SELECT");
  EXPECT_EQ(shape_of("").verb, "");
  EXPECT_TRUE(shape_of("x rollback y").rolls_back);
  EXPECT_FALSE(shape_of("'rollback' \"rollback\" `rollback` [rollback] rollbacks _rollback /* rollback */")
                   .rolls_back);
  EXPECT_FALSE(shape_of("'it''s rollback'").rolls_back);
  EXPECT_TRUE(shape_of("'unclosed").verb == "'");
  EXPECT_TRUE(is_blank(" ; -- x\n /* y */ ;"));
  EXPECT_TRUE(is_blank("/* unclosed"));
  EXPECT_FALSE(is_blank("; x"));
}

}  // namespace
}  // namespace stoa::core::storage
