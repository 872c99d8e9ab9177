#include "storage/expansion.hpp"

#include <gtest/gtest.h>

namespace stoa::core::storage {
namespace {

TEST(Expansion, CreatingAndAddingExpands) {
  for (const char* script : {
           "",
           "-- nothing;\n",
           "CREATE TABLE a (x); CREATE INDEX i ON a (x);",
           "/* DROP TABLE a; */ create unique index i on a (x)",
           "ALTER TABLE a ADD COLUMN y TEXT;",
           "ALTER TABLE a ADD y TEXT NOT NULL DEFAULT 'DROP; it';",
           "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; UPDATE c SET x = 1; END;",
       }) {
    EXPECT_TRUE(only_expands(script)) << script;
  }
}

TEST(Expansion, EverythingElseDoesNot) {
  for (const char* script : {
           "DROP TABLE a;",
           "CREATE TABLE a (x); DROP INDEX i;",
           "ALTER TABLE a DROP COLUMN x",
           "ALTER TABLE a RENAME TO b;",
           "ALTER TABLE a RENAME COLUMN added TO b;",
           "UPDATE a SET x = 1;",
           "ALTER TABLE a ADD COLUMN y TEXT NOT NULL;",
           "-- CREATE\nDELETE FROM a;",
           "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; DROP TABLE a;",
       }) {
    const auto expands = only_expands(script);
    EXPECT_FALSE(expands) << script;
    EXPECT_TRUE(expands || expands.error().code == ErrorCode::validation);
  }
}

}  // namespace
}  // namespace stoa::core::storage
