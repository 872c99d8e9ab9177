// What can go wrong with the file and the disk under it, and copies of it.
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <thread>

#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

class Files : public StorageTest {
 protected:
  void SetUp() override { create("posts", "CREATE TABLE posts_b (n INTEGER PRIMARY KEY, b BLOB);"); }

  std::string refusal() {
    database_.reset();
    auto opened = Database::open(options());
    if (opened) return "it was opened";
    EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
    EXPECT_NE(opened.error().message.find(path()), std::string::npos);
    return opened.error().message;
  }
  void run_elsewhere(const char* sql) {
    ::sqlite3* other = nullptr;
    ASSERT_EQ(::sqlite3_open(path().c_str(), &other), SQLITE_OK);
    EXPECT_EQ(::sqlite3_exec(other, sql, nullptr, nullptr, nullptr), SQLITE_OK) << ::sqlite3_errmsg(other);
    ::sqlite3_close(other);
  }
  static Result<void> fill(Database& database, std::size_t bytes = 20'000) {
    return database.write("posts", [&](Transaction& transaction) {
      return exec(transaction, "INSERT INTO posts_b (b) VALUES (?1)", {Blob{std::string(bytes, 'x')}});
    });
  }
  // In a process of its own; 0 is success.
  static int in_child(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  }
};

TEST_F(Files, ForeignNewerAndDamagedAreRefused) {
  database_.reset();
  run_elsewhere("PRAGMA user_version = 99");
  EXPECT_NE(refusal().find("newer version"), std::string::npos);
  run_elsewhere("PRAGMA user_version = 1; PRAGMA application_id = 7");
  EXPECT_NE(refusal().find("another program"), std::string::npos);
  std::filesystem::remove(path());
  run_elsewhere("CREATE TABLE theirs (n)");
  EXPECT_NE(refusal().find("another program"), std::string::npos);
  run_elsewhere("INSERT INTO theirs VALUES (1)");  // and it was left as it was
  std::ofstream(path(), std::ios::trunc) << std::string(8'192, 'z');
  EXPECT_NE(refusal().find("is not a database"), std::string::npos);
}

TEST_F(Files, DamageIsReported) {
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(fill(db()));
  EXPECT_EQ(*db().integrity(), "ok");
  database_.reset();
  {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4'096);  // all but the first page
    for (int page = 1; page < 100; ++page) file << std::string(4'096, '\x55');
  }
  auto opened = Database::open(options());
  if (!opened) {
    EXPECT_NE(opened.error().message.find("corrupt"), std::string::npos) << opened.error().message;
    return;
  }
  auto report = (*opened)->integrity();
  EXPECT_TRUE(!report || *report != "ok");
}

TEST_F(Files, APathThatCannotBeWrittenIsNamed) {
  database_.reset();
  DatabaseOptions nowhere = options();
  nowhere.path = path("absent/stoa.db");
  auto opened = Database::open(nowhere);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("absent/stoa.db cannot be written"), std::string::npos)
      << opened.error().message;
  nowhere.path = path("a\"b.db");
  EXPECT_FALSE(Database::open(nowhere));
}

TEST_F(Files, ReadOnlyFilesAndDirectoriesAreRefused) {
  database_.reset();
  ASSERT_EQ(::chmod(path().c_str(), 0444), 0);
  ASSERT_EQ(::chmod(directory_.c_str(), 0555), 0);
  // As somebody whom modes concern.
  EXPECT_EQ(in_child([&] {
              if (::getuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return 9;
              DatabaseOptions plain;
              plain.path = path();
              auto file = Database::open(plain);
              if (file || file.error().message.find("cannot be written") == std::string::npos) return 1;
              plain.path = path("new.db");
              auto directory = Database::open(plain);
              if (directory || directory.error().message.find("cannot be written") == std::string::npos)
                return 2;
              return 0;
            }),
            0);
  ASSERT_EQ(::chmod(directory_.c_str(), 0755), 0);
}

TEST_F(Files, FullAndThenNotFull) {
  DatabaseOptions small = options();
  small.max_pages = 200;
  open(small);
  Result<void> last;
  int stored = 0;
  for (; last && stored < 200; ++stored) last = fill(db());
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, ErrorCode::unavailable);
  EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_b"), stored - 1);
  ASSERT_TRUE(write("posts", "DELETE FROM posts_b WHERE n <= 5"));
  EXPECT_TRUE(fill(db()));
  EXPECT_EQ(*db().integrity(), "ok");
}

// A full disk can roll the whole transaction back under a group; none of its members may be told it
// succeeded.
TEST_F(Files, FullInTheMiddleOfAGroup) {
  DatabaseOptions small = options();
  small.max_pages = 100;
  open(small);
  std::vector<Result<void>> results(5);
  std::promise<void> all;
  std::atomic<int> left{5}, actions{0};
  {
    Hold hold(db());
    for (std::size_t i = 0; i < 5; ++i) {
      db().write(
          "posts",
          [&, i](Transaction& transaction) -> Result<void> {
            transaction.on_commit([&] { ++actions; });
            const std::string bytes(i == 2 ? 1'000'000 : 10, 'x');
            auto done = exec(transaction, "INSERT INTO posts_b (n, b) VALUES (?1, ?2)",
                             {number(static_cast<std::int64_t>(i)), Blob{bytes}});
            // Whatever it says, and whatever it tries: nothing is committed by itself.
            EXPECT_TRUE(done || i == 2);
            if (!done) (void)exec(transaction, "INSERT INTO posts_b (n, b) VALUES (99, 'x')");
            return done;
          },
          [&, i](Result<void> result) {
            results[i] = std::move(result);
            if (--left == 0) all.set_value();
          });
    }
  }
  all.get_future().wait();
  const auto rows = read("posts", "SELECT n FROM posts_b ORDER BY n");
  std::vector<std::int64_t> told;
  for (std::size_t i = 0; i < 5; ++i) {
    if (results[i]) told.push_back(static_cast<std::int64_t>(i));
    if (!results[i]) {
      EXPECT_EQ(results[i].error().code, ErrorCode::unavailable);
    }
  }
  EXPECT_EQ(rows, told);
  EXPECT_EQ(actions, static_cast<int>(told.size()));
  EXPECT_FALSE(results[2]);
  EXPECT_TRUE(results[4]);
}

TEST_F(Files, IoErrorsPass) {
  database_.reset();
  EXPECT_EQ(in_child([&] {
              ::signal(SIGXFSZ, SIG_IGN);
              DatabaseOptions plain;
              plain.path = path();
              auto opened = Database::open(plain);
              if (!opened) return 1;
              Database& database = **opened;
              if (!fill(database)) return 2;
              rlimit limit{};
              ::getrlimit(RLIMIT_FSIZE, &limit);
              const rlimit before = limit;
              limit.rlim_cur = 200'000;
              ::setrlimit(RLIMIT_FSIZE, &limit);
              Result<void> last;
              int stored = 0;
              for (; last && stored < 100; ++stored) last = fill(database);
              if (last || last.error().code != ErrorCode::unavailable) return 3;
              if (auto again = fill(database); again || again.error().code != ErrorCode::unavailable)
                return 4;
              ::setrlimit(RLIMIT_FSIZE, &before);
              if (auto now = fill(database); !now) return 5;
              if (auto sound = database.integrity(); !sound || *sound != "ok") return 6;
              std::int64_t rows = 0;
              auto counted = database.read("posts", [&](Transaction& transaction) -> Result<void> {
                rows = integers(transaction, "SELECT count(*) FROM posts_b")->at(0);
                return {};
              });
              return counted && rows == stored + 1 ? 0 : 7;
            }),
            0);
}

TEST_F(Files, ARealDiskThatIsFull) {
  const std::string disk = path("disk");
  std::filesystem::create_directory(disk);
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=2m") != 0)
    GTEST_SKIP() << "no right to mount a small disk";
  {
    DatabaseOptions there = options();
    there.path = disk + "/stoa.db";
    open(there);
    create("posts", "CREATE TABLE posts_b (n INTEGER PRIMARY KEY, b BLOB);");
    { std::ofstream(disk + "/filler") << std::string(800'000, 'x'); }
    Result<void> last;
    int stored = 0;
    for (; last && stored < 200; ++stored) last = fill(db());
    EXPECT_FALSE(last);
    if (!last) {
      EXPECT_EQ(last.error().code, ErrorCode::unavailable) << why(last);
    }
    EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_b"), stored - 1);
    EXPECT_EQ(db().backup(disk + "/copy.db").error().code, ErrorCode::unavailable);
    EXPECT_FALSE(std::filesystem::exists(disk + "/copy.db"));
    std::filesystem::remove(disk + "/filler");
    auto now = fill(db());
    EXPECT_TRUE(now) << why(now);
    EXPECT_EQ(*db().integrity(), "ok");
    database_.reset();
  }
  ::umount(disk.c_str());
}

TEST_F(Files, LockedByAnotherProcessAndThenNot) {
  DatabaseOptions hasty = options();
  hasty.busy_timeout_ms = 20;
  open(hasty);
  ::sqlite3* other = nullptr;
  ASSERT_EQ(::sqlite3_open(path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(::sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  auto refused = fill(db());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::overloaded);
  EXPECT_EQ(read_one("posts", "SELECT count(*) FROM posts_b"), 0);  // readers are not concerned
  ASSERT_EQ(::sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_TRUE(fill(db()));
  // What another process appended to the log is published with the next commit, in order.
  ASSERT_EQ(
      ::sqlite3_exec(other,
                     "BEGIN IMMEDIATE; INSERT INTO core_event VALUES (1, 5, 'chat', 'chat.a', '', '', '{}');"
                     "UPDATE core_log SET head = 1; COMMIT",
                     nullptr, nullptr, nullptr),
      SQLITE_OK)
      << ::sqlite3_errmsg(other);
  ::sqlite3_close(other);
  EXPECT_EQ(*emit("posts", {"posts.a", "", {}, "{}"}), 2u);
  ASSERT_EQ(published().size(), 2u);
  EXPECT_EQ(published()[0]->type, "chat.a");
  EXPECT_EQ(published()[1]->seq, 2u);
}

TEST_F(Files, BackupsAreWholeThoughOthersWrite) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(fill(db()));
  std::atomic<bool> over{false};
  std::atomic<int> written{0};
  std::thread writing([&] {
    while (!over) {
      if (fill(db(), 2'000)) ++written;
    }
  });
  const std::string copy = path("copy.db");
  auto done = db().backup(copy);
  over = true;
  writing.join();
  ASSERT_TRUE(done) << why(done);
  struct stat facts {};
  ASSERT_EQ(::stat(copy.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(db().backup(copy).error().code, ErrorCode::conflict);
  EXPECT_EQ(db().backup(path("absent/copy.db")).error().code, ErrorCode::unavailable);
  DatabaseOptions there = options();
  there.path = copy;
  open(there);
  EXPECT_EQ(*db().integrity(), "ok");
  EXPECT_GE(read_one("posts", "SELECT count(*) FROM posts_b"), 100);
}

TEST_F(Files, TheLogIsCheckpointedAsItGrows) {
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(fill(db(), 40'000));
  EXPECT_LT(std::filesystem::file_size(path("stoa.db-wal")), 10'000'000u);
  EXPECT_GT(std::filesystem::file_size(path()), 10'000'000u);
}

}  // namespace
}  // namespace stoa::core::storage
