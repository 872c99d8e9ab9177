#include <limits>
#include <thread>

#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

class Values : public StorageTest {
 protected:
  void SetUp() override {
    create("posts", "CREATE TABLE posts_v (id INTEGER PRIMARY KEY, i BIGINT, r REAL, t TEXT, b BLOB);");
  }
};

TEST_F(Values, ComeBackAsTheyWent) {
  const std::string utf8 = "Στοά — 柱廊 🏛";
  const std::string bytes("\0\x01\xff\0", 4);
  auto written =
      write("posts", "INSERT INTO posts_v (id, i, r, t, b) VALUES (:p1, :p2, :p3, :p4, :p5)",
            {number(1), number(std::numeric_limits<std::int64_t>::min()), 0.1, text(utf8), Blob{bytes}});
  ASSERT_TRUE(written) << why(written);
  ASSERT_TRUE(write("posts", "INSERT INTO posts_v (id, i, r, t, b) VALUES (?1, ?2, ?3, ?4, ?5)",
                    {number(2), std::monostate(), std::monostate(), std::monostate(), std::monostate()}));
  ASSERT_TRUE(write("posts", "INSERT INTO posts_v (id, i, r, t, b) VALUES (?1, ?2, ?3, ?4, ?5)",
                    {number(3), number(std::numeric_limits<std::int64_t>::max()), -1e300, text(""), Blob{}}));
  auto done = db().read("posts", [&](Transaction& transaction) -> Result<void> {
    static constexpr ColumnType kColumns[] = {kInteger, kReal, kText, kBlob};
    auto rows = transaction.query("SELECT i, r, t, b FROM posts_v ORDER BY id", {}, kColumns);
    if (!rows) return rows.error();
    Cursor& row = **rows;
    EXPECT_EQ(row.columns(), 4u);
    EXPECT_TRUE(*row.next());
    EXPECT_EQ(row.integer(0), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(row.real(1), 0.1);
    EXPECT_EQ(row.text(2), utf8);
    EXPECT_EQ(row.text(3), bytes);
    EXPECT_FALSE(row.is_null(0));
    EXPECT_TRUE(*row.next());
    for (std::size_t column = 0; column < 4; ++column) EXPECT_TRUE(row.is_null(column));
    EXPECT_EQ(row.integer(0), 0);
    EXPECT_EQ(row.text(2), "");
    EXPECT_TRUE(*row.next());
    EXPECT_EQ(row.integer(0), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(row.real(1), -1e300);
    EXPECT_FALSE(row.is_null(2));
    EXPECT_EQ(row.text(2), "");
    EXPECT_FALSE(row.is_null(3));
    EXPECT_FALSE(*row.next());
    EXPECT_FALSE(*row.next());
    return {};
  });
  EXPECT_TRUE(done) << why(done);
}

TEST_F(Values, OfOtherTypesInOneStatement) {
  for (const Value& value : values({number(7), 1.5, text("seven"), std::monostate(), Blob{"xyz"}})) {
    ASSERT_TRUE(write("posts", "INSERT INTO posts_v (t) VALUES (?1)", {value}));
  }
  EXPECT_EQ(read("posts", "SELECT length(t) FROM posts_v ORDER BY id"),
            (std::vector<std::int64_t>{1, 3, 5, 0, 3}));
}

TEST_F(Values, NumberedParametersStandAnywhere) {
  EXPECT_EQ(read("posts", "SELECT :p2 - :p1", {number(1), number(10)}), std::vector<std::int64_t>{9});
  EXPECT_EQ(read("posts", "SELECT ?2 - ?1 + ?2", {number(1), number(10)}), std::vector<std::int64_t>{19});
  EXPECT_EQ(read("posts", "SELECT ? - ?", {number(1), number(10)}), std::vector<std::int64_t>{-9});
}

TEST_F(Values, MistakesAreErrorsOrLogicErrors) {
  auto done = db().read("posts", [&](Transaction& transaction) -> Result<void> {
    static constexpr ColumnType kOne[] = {kInteger};
    static constexpr ColumnType kTwo[] = {kInteger, kInteger};
    EXPECT_EQ(transaction.query("SELECT ?1", {}, kOne).error().code, ErrorCode::internal);
    EXPECT_EQ(transaction.query("SELECT 1", {}, kTwo).error().code, ErrorCode::internal);
    EXPECT_EQ(transaction.query("SELECT 1", {}, {}).error().code, ErrorCode::internal);
    EXPECT_EQ(transaction.query("SELECT absent FROM posts_v", {}, kOne).error().code, ErrorCode::internal);
    EXPECT_EQ(transaction.query("SELECT \"typo\" FROM posts_v", {}, kOne).error().code, ErrorCode::internal);
    EXPECT_EQ(transaction.query("", {}, kOne).error().code, ErrorCode::internal);
    EXPECT_EQ(transaction.query("SELECT 1; SELECT 2", {}, kOne).error().code, ErrorCode::internal);
    EXPECT_TRUE(transaction.query("SELECT 1; -- nothing follows\n ; /* really */", {}, kOne));
    EXPECT_EQ(transaction.exec("DELETE FROM posts_v", {}).error().code, ErrorCode::forbidden);
    auto rows = transaction.query("SELECT 1", {}, kOne);
    EXPECT_THROW((*rows)->integer(0), std::logic_error);
    EXPECT_TRUE(*(*rows)->next());
    EXPECT_THROW((*rows)->text(0), std::logic_error);
    EXPECT_THROW((*rows)->real(0), std::logic_error);
    EXPECT_THROW((*rows)->integer(1), std::logic_error);
    EXPECT_FALSE(transaction.writable());
    EXPECT_THROW((void)transaction.emit({}), std::logic_error);
    EXPECT_THROW((void)transaction.redact("x"), std::logic_error);
    EXPECT_THROW(transaction.on_commit([] {}), std::logic_error);
    return {};
  });
  EXPECT_TRUE(done) << why(done);
  EXPECT_TRUE(log_.contains("no such column: absent"));
}

TEST_F(Values, ChangedRowsAndInsertedIds) {
  auto done = db().write("posts", [&](Transaction& transaction) -> Result<void> {
    EXPECT_EQ(*transaction.exec("INSERT INTO posts_v (i) VALUES (1), (2), (3)", {}), 3);
    EXPECT_EQ(transaction.last_insert_id(), 3);
    EXPECT_EQ(*transaction.exec("UPDATE posts_v SET i = 9 WHERE id > 1", {}), 2);
    EXPECT_EQ(*transaction.exec("UPDATE posts_v SET i = 9 WHERE id > 100", {}), 0);
    EXPECT_EQ(*transaction.exec("SELECT * FROM posts_v", {}), 0);
    EXPECT_EQ(*integers(transaction, "INSERT INTO posts_v (i) VALUES (5), (6) RETURNING id"),
              (std::vector<std::int64_t>{4, 5}));
    EXPECT_EQ(*transaction.exec("DELETE FROM posts_v", {}), 5);
    return {};
  });
  EXPECT_TRUE(done) << why(done);
}

TEST_F(Values, OneTextRunsInsideItself) {
  auto done = db().write("posts", [&](Transaction& transaction) -> Result<void> {
    static constexpr ColumnType kColumns[] = {kInteger};
    EXPECT_TRUE(transaction.exec("INSERT INTO posts_v (id) VALUES (1), (2), (3)", {}));
    constexpr std::string_view kSql = "SELECT id FROM posts_v WHERE id >= ?1 ORDER BY id";
    auto from_one = transaction.query(kSql, values({number(1)}), kColumns);
    EXPECT_TRUE(*(*from_one)->next());
    EXPECT_EQ(*integers(transaction, kSql, {number(3)}), std::vector<std::int64_t>{3});
    EXPECT_TRUE(*(*from_one)->next());
    EXPECT_EQ((*from_one)->integer(0), 2);
    return {};
  });
  EXPECT_TRUE(done) << why(done);
}

// The text bound to an open cursor must not depend on the caller's value.
TEST_F(Values, ParametersOfACursorMayGo) {
  auto done = db().write("posts", [&](Transaction& transaction) -> Result<void> {
    static constexpr ColumnType kColumns[] = {kText};
    EXPECT_TRUE(transaction.exec("INSERT INTO posts_v (id) VALUES (1), (2)", {}));
    auto given = std::make_unique<std::vector<Value>>(values({text(std::string(1'000, 'x'))}));
    auto rows = transaction.query("SELECT ?1 FROM posts_v", *given, kColumns);
    given.reset();
    EXPECT_TRUE(*(*rows)->next());
    EXPECT_TRUE(*(*rows)->next());
    EXPECT_EQ((*rows)->text(0), std::string(1'000, 'x'));
    return {};
  });
  EXPECT_TRUE(done) << why(done);
}

TEST_F(Values, ACursorThatOutlivesItsTransactionGivesNothing) {
  static constexpr ColumnType kColumns[] = {kInteger};
  std::unique_ptr<Cursor> kept;
  for (int round = 0; round < 2; ++round) {
    auto done = db().read("posts", [&](Transaction& transaction) -> Result<void> {
      auto rows = transaction.query("SELECT 1", {}, kColumns);
      kept = std::move(*rows);
      EXPECT_TRUE(*kept->next());
      return {};
    });
    ASSERT_TRUE(done);
    EXPECT_FALSE(kept->next());
    EXPECT_THROW(kept->integer(0), std::logic_error);
  }
}

TEST_F(Values, MoreTextsThanStatementsAreKept) {
  DatabaseOptions few = options();
  few.statement_limit = 4;
  open(few);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 12; ++i) {
      EXPECT_EQ(read("posts", "SELECT " + std::to_string(i)), std::vector<std::int64_t>{i});
    }
  }
}

TEST_F(Values, ConstraintsTellWhatAndWhere) {
  const Migration migrations[] = {
      {1, "0001_posts", "CREATE TABLE posts_v (id INTEGER PRIMARY KEY, i BIGINT, r REAL, t TEXT, b BLOB);"},
      {2, "0002_users",
       "CREATE TABLE posts_user (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, a BIGINT, b BIGINT,"
       " UNIQUE (a, b), CONSTRAINT positive CHECK (a > 0));"
       "CREATE TABLE posts_child (parent BIGINT NOT NULL REFERENCES posts_user (id));"
       "CREATE TABLE posts_late (parent BIGINT REFERENCES posts_user (id) DEFERRABLE INITIALLY DEFERRED);"}};
  auto migrated = db().migrate("posts", migrations);
  ASSERT_TRUE(migrated) << why(migrated);
  ASSERT_TRUE(write("posts", "INSERT INTO posts_user (id, email, a, b) VALUES (1, 'a@b', 1, 1)"));
  struct Case {
    std::string_view sql, kind, where;
  };
  for (const Case& c : {Case{"INSERT INTO posts_user (email) VALUES ('a@b')", "unique", "posts_user.email"},
                        Case{"INSERT INTO posts_user (email, a, b) VALUES ('c', 1, 1)", "unique",
                             "posts_user.a, posts_user.b"},
                        Case{"INSERT INTO posts_user (id, email) VALUES (1, 'd')", "unique", "posts_user.id"},
                        Case{"INSERT INTO posts_user (email) VALUES (NULL)", "not_null", "posts_user.email"},
                        Case{"INSERT INTO posts_user (email, a) VALUES ('e', -1)", "check", "positive"},
                        Case{"INSERT INTO posts_child (parent) VALUES (99)", "foreign_key", ""},
                        Case{"INSERT INTO posts_late (parent) VALUES (99)", "foreign_key", ""}}) {
    const Result<void> done = write("posts", c.sql);
    ASSERT_FALSE(done) << c.sql;
    EXPECT_EQ(done.error().code, ErrorCode::conflict) << c.sql;
    EXPECT_EQ(done.error().field_code, c.kind) << c.sql;
    EXPECT_EQ(done.error().pointer, c.where) << c.sql;
    EXPECT_EQ(done.error().message.find("posts_"), std::string::npos);
  }
}

TEST_F(Values, ReadsShareNothingButTheSnapshot) {
  ASSERT_TRUE(write("posts", "INSERT INTO posts_v (id) VALUES (1)"));
  auto done = db().read("posts", [&](Transaction& transaction) -> Result<void> {
    EXPECT_EQ(*integers(transaction, "SELECT count(*) FROM posts_v"), std::vector<std::int64_t>{1});
    std::thread([&] { EXPECT_TRUE(write("posts", "INSERT INTO posts_v (id) VALUES (2)")); }).join();
    EXPECT_EQ(*integers(transaction, "SELECT count(*) FROM posts_v"), std::vector<std::int64_t>{1});
    // A read inside a read, of another owner.
    EXPECT_TRUE(db().read("chat", [&](Transaction& inner) -> Result<void> {
      EXPECT_FALSE(integers(inner, "SELECT count(*) FROM posts_v"));
      return {};
    }));
    EXPECT_EQ(*integers(transaction, "SELECT count(*) FROM posts_v"), std::vector<std::int64_t>{1});
    return {};
  });
  EXPECT_TRUE(done) << why(done);
  EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_v"), 2);
  EXPECT_THROW(
      (void)db().read("posts", [](Transaction&) -> Result<void> { throw std::runtime_error("out"); }),
      std::runtime_error);
  EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_v"), 2);
}

}  // namespace
}  // namespace stoa::core::storage
