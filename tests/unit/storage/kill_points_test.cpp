// kill -9 at every step of a write: in the closures, and before, within and after each write and sync of
// SQLite's files. Whatever the step, nothing acknowledged is lost, what a write changed is there with its
// event or not at all, and a durable subscriber has taken each event once in the end.
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "fixture.hpp"

namespace stoa::core::storage {
namespace {

enum class Step {
  closure_begins,
  closure_ends,
  on_commit,
  done,
  apply_begins,
  apply_ends,
  log_write,       // SQLite's write-ahead log
  log_write_half,  // only half of the bytes arrive
  log_written,
  log_sync,
  log_synced,
  file_write,  // a checkpoint
  file_write_half,
  file_written,
  file_synced,
};

// In the child: dies when it comes to that step for the n-th time.
Step death_step;
std::atomic<int> steps_left{0};

bool is_the_end(Step step) {
  return step == death_step && steps_left.fetch_sub(1) == 1;
}
void reach(Step step) {
  if (is_the_end(step)) ::kill(::getpid(), SIGKILL);
}

// ---- A layer over SQLite's file access (https://sqlite.org/vfs.html)

struct File {
  ::sqlite3_file base;
  bool is_log;
  bool is_main;
  ::sqlite3_file* real() { return reinterpret_cast<::sqlite3_file*>(this + 1); }
};
File& of(::sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}
::sqlite3_file* real(::sqlite3_file* file) {
  return of(file).real();
}

int write_file(::sqlite3_file* file, const void* bytes, int count, ::sqlite3_int64 at) {
  const bool log = of(file).is_log;
  if (!log && !of(file).is_main) return real(file)->pMethods->xWrite(real(file), bytes, count, at);
  reach(log ? Step::log_write : Step::file_write);
  if (is_the_end(log ? Step::log_write_half : Step::file_write_half)) {
    real(file)->pMethods->xWrite(real(file), bytes, count / 2, at);
    ::kill(::getpid(), SIGKILL);
  }
  const int result = real(file)->pMethods->xWrite(real(file), bytes, count, at);
  reach(log ? Step::log_written : Step::file_written);
  return result;
}
int sync_file(::sqlite3_file* file, int flags) {
  if (of(file).is_log) reach(Step::log_sync);
  const int result = real(file)->pMethods->xSync(real(file), flags);
  if (of(file).is_log) reach(Step::log_synced);
  if (of(file).is_main) reach(Step::file_synced);
  return result;
}

#define FORWARD(name, parameters, arguments) [] parameters { return real(file)->pMethods->name arguments; }

const ::sqlite3_io_methods kMethods = {
    3,
    FORWARD(xClose, (::sqlite3_file * file), (real(file))),
    FORWARD(xRead, (::sqlite3_file * file, void* to, int count, ::sqlite3_int64 at),
            (real(file), to, count, at)),
    &write_file,
    FORWARD(xTruncate, (::sqlite3_file * file, ::sqlite3_int64 size), (real(file), size)),
    &sync_file,
    FORWARD(xFileSize, (::sqlite3_file * file, ::sqlite3_int64* size), (real(file), size)),
    FORWARD(xLock, (::sqlite3_file * file, int level), (real(file), level)),
    FORWARD(xUnlock, (::sqlite3_file * file, int level), (real(file), level)),
    FORWARD(xCheckReservedLock, (::sqlite3_file * file, int* out), (real(file), out)),
    FORWARD(xFileControl, (::sqlite3_file * file, int op, void* argument), (real(file), op, argument)),
    FORWARD(xSectorSize, (::sqlite3_file * file), (real(file))),
    FORWARD(xDeviceCharacteristics, (::sqlite3_file * file), (real(file))),
    FORWARD(xShmMap, (::sqlite3_file * file, int page, int size, int extend, void volatile** out),
            (real(file), page, size, extend, out)),
    FORWARD(xShmLock, (::sqlite3_file * file, int offset, int count, int flags),
            (real(file), offset, count, flags)),
    FORWARD(xShmBarrier, (::sqlite3_file * file), (real(file))),
    FORWARD(xShmUnmap, (::sqlite3_file * file, int remove), (real(file), remove)),
    FORWARD(xFetch, (::sqlite3_file * file, ::sqlite3_int64 at, int count, void** out),
            (real(file), at, count, out)),
    FORWARD(xUnfetch, (::sqlite3_file * file, ::sqlite3_int64 at, void* page), (real(file), at, page)),
};
#undef FORWARD

::sqlite3_vfs* below = nullptr;

int open_file(::sqlite3_vfs*, const char* name, ::sqlite3_file* file, int flags, int* out) {
  File& mine = of(file);
  mine.is_log = (flags & SQLITE_OPEN_WAL) != 0;
  mine.is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  mine.base.pMethods = nullptr;
  const int result = below->xOpen(below, name, mine.real(), flags, out);
  if (mine.real()->pMethods) mine.base.pMethods = &kMethods;
  return result;
}

void lay_over() {
  below = ::sqlite3_vfs_find(nullptr);
  static ::sqlite3_vfs over;
  over = *below;
  over.zName = "mortal";
  over.pNext = nullptr;
  over.szOsFile = static_cast<int>(sizeof(File)) + below->szOsFile;
  over.xOpen = &open_file;
  ::sqlite3_vfs_register(&over, 1);
}

// ---- What is done until then

Result<void> take(Transaction& transaction, const Event& event) {
  reach(Step::apply_begins);
  auto seen = exec(transaction, "INSERT INTO counter_seen (seq) VALUES (?1)",
                   {number(static_cast<std::int64_t>(event.seq))});
  if (!seen) return seen;
  auto counted = exec(transaction, "UPDATE counter_total SET n = n + 1");
  reach(Step::apply_ends);
  return counted;
}
Database::Durable counter() {
  return {.owner = "counter",
          .name = "count",
          .types = {"posts.*"},
          .from_oldest = true,
          .apply = take,
          .gap = {}};
}

Result<void> add(Transaction& transaction) {
  reach(Step::closure_begins);
  // Long enough for several pages of the log.
  auto row = exec(transaction, "INSERT INTO posts_item (body) VALUES (?1)", {text(std::string(9'000, 'x'))});
  if (!row) return row;
  if (auto event = transaction.emit({"posts.added", "", {"posts"}, "{}"}); !event) return event.error();
  transaction.on_commit([] { reach(Step::on_commit); });
  reach(Step::closure_ends);
  return {};
}

class KillPoints : public StorageTest, public ::testing::WithParamInterface<std::pair<const char*, Step>> {
 protected:
  // Writes 12 times, one after the other, then four times at once; tells each that is acknowledged.
  [[noreturn]] static void live(const std::string& path, int told) {
    lay_over();
    DatabaseOptions options;
    options.path = path;
    auto database = Database::open(options);
    if (!database) ::_exit(1);
    auto subscription = (*database)->subscribe(counter());
    if (!subscription) ::_exit(2);
    const auto tell = [&](const Result<void>& result) {
      if (!result || ::write(told, "+", 1) != 1) ::_exit(3);
    };
    for (int i = 0; i < 12; ++i) tell((*database)->write("posts", &add));
    std::promise<void> all;
    std::atomic<int> open{4};
    for (int i = 0; i < 4; ++i) {
      (*database)->write("posts", &add, [&](const Result<void>& result) {
        reach(Step::done);
        tell(result);
        if (--open == 0) all.set_value();
      });
    }
    all.get_future().wait();
    database->reset();  // a last checkpoint
    ::_exit(0);
  }

  // How many writes were acknowledged; whether it was killed.
  std::pair<std::int64_t, bool> run_until(Step step, int times) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      death_step = step;
      steps_left = times;
      live(path(), ends[1]);
    }
    ::close(ends[1]);
    std::int64_t acknowledged = 0;
    for (char mark = 0; ::read(ends[0], &mark, 1) == 1;) ++acknowledged;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    EXPECT_TRUE(killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << "status " << status;
    return {acknowledged, killed};
  }

  void settle(std::int64_t events) {
    auto subscription = db().subscribe(counter());
    ASSERT_TRUE(subscription);
    while (read_one("counter", "SELECT n FROM counter_total") < events)
      ASSERT_TRUE(write("core", "SELECT 1"));
  }
};

TEST_P(KillPoints, NothingIsLostAndNothingDoneTwice) {
  create("posts", "CREATE TABLE posts_item (id INTEGER PRIMARY KEY, body TEXT NOT NULL);");
  create(
      "counter",
      "CREATE TABLE counter_seen (seq BIGINT PRIMARY KEY); CREATE TABLE counter_total (n BIGINT NOT NULL); "
      "INSERT INTO counter_total VALUES (0);");
  database_.reset();
  std::int64_t promised = 0;
  int deaths = 0;
  // Each life goes on with what the last one left; each dies a little later.
  for (int times = 1; times < 200; times += 1 + times / 4) {
    SCOPED_TRACE("for the time " + std::to_string(times));
    const std::int64_t before = promised;
    const auto [acknowledged, killed] = run_until(GetParam().second, times);
    open();
    EXPECT_EQ(*db().integrity(), "ok");
    const std::int64_t items = read_one("posts", "SELECT count(*) FROM posts_item");
    EXPECT_GE(items, before + acknowledged);
    EXPECT_LE(items, before + acknowledged + 4) << "more than what was under way";
    EXPECT_EQ(read_one("core", "SELECT count(*) FROM core_event WHERE type = 'posts.added'"), items);
    settle(items);
    EXPECT_EQ(read_one("counter", "SELECT n FROM counter_total"), items);
    EXPECT_EQ(read_one("counter", "SELECT count(*) FROM counter_seen"), items);
    database_.reset();
    promised = items;
    if (!killed) break;
    ++deaths;
  }
  EXPECT_GT(deaths, 0) << "it never came to that step";
}

INSTANTIATE_TEST_SUITE_P(
    Steps, KillPoints,
    ::testing::Values(
        std::pair("InAClosure", Step::closure_begins), std::pair("AfterAClosure", Step::closure_ends),
        std::pair("OnCommit", Step::on_commit), std::pair("BeforeTheAnswer", Step::done),
        std::pair("BeforeApplying", Step::apply_begins), std::pair("AfterApplying", Step::apply_ends),
        std::pair("BeforeALogWrite", Step::log_write), std::pair("WithinALogWrite", Step::log_write_half),
        std::pair("AfterALogWrite", Step::log_written), std::pair("BeforeALogSync", Step::log_sync),
        std::pair("AfterALogSync", Step::log_synced), std::pair("BeforeAFileWrite", Step::file_write),
        std::pair("WithinAFileWrite", Step::file_write_half),
        std::pair("AfterAFileWrite", Step::file_written), std::pair("AfterAFileSync", Step::file_synced)),
    [](const auto& step) { return std::string(step.param.first); });

}  // namespace
}  // namespace stoa::core::storage
