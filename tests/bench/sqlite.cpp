// What SQLite alone takes: the statements with which the forum writes a comment, without the forum.
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>

#include "texts.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kSchema = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE post (id INTEGER PRIMARY KEY, title TEXT NOT NULL, comments BIGINT NOT NULL, active_at BIGINT NOT NULL);
CREATE TABLE listing (post_id BIGINT NOT NULL, shelf BIGINT NOT NULL, pinned BIGINT NOT NULL, active_at BIGINT NOT NULL,
                      score BIGINT NOT NULL, PRIMARY KEY (post_id, shelf));
CREATE INDEX listing_new ON listing (shelf, post_id);
CREATE INDEX listing_active ON listing (shelf, pinned, active_at, post_id);
CREATE INDEX listing_top ON listing (shelf, score, post_id);
CREATE TABLE comment (id INTEGER PRIMARY KEY AUTOINCREMENT, post_id BIGINT NOT NULL, author_id BIGINT NOT NULL,
                      score BIGINT NOT NULL DEFAULT 0, listed BIGINT NOT NULL DEFAULT 1, created_at BIGINT NOT NULL,
                      local_id TEXT, body TEXT NOT NULL, html TEXT NOT NULL);
CREATE INDEX comment_order ON comment (post_id, id) WHERE listed = 1;
CREATE INDEX comment_top ON comment (post_id, score, id) WHERE listed = 1;
CREATE INDEX comment_author ON comment (author_id, id);
CREATE UNIQUE INDEX comment_local ON comment (author_id, local_id) WHERE local_id IS NOT NULL;
CREATE TABLE event (seq INTEGER PRIMARY KEY, time BIGINT NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL,
                    channels TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX event_subject ON event (subject) WHERE subject <> '';
CREATE TABLE event_channel (channel TEXT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (channel, seq)) WITHOUT ROWID;
)sql";

class Database {
 public:
  explicit Database(const std::string& path) {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    check(sqlite3_open(path.c_str(), &db_));
    run(kSchema);
  }
  ~Database() { sqlite3_close_v2(db_); }
  Database(const Database&) = delete;

  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  void check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
  }
  sqlite3* get() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
};

class Statement {
 public:
  Statement(Database& db, const char* sql) : db_(db) {
    db_.check(sqlite3_prepare_v3(db.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;

  template <class... Values>
  void run(const Values&... values) {
    int place = 0;
    (bind(++place, values), ...);
    db_.check(sqlite3_step(statement_));
    db_.check(sqlite3_reset(statement_));
  }

 private:
  void bind(int place, std::int64_t value) { db_.check(sqlite3_bind_int64(statement_, place, value)); }
  void bind(int place, const std::string& value) {
    db_.check(
        sqlite3_bind_text(statement_, place, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
  }

  Database& db_;
  sqlite3_stmt* statement_ = nullptr;
};

class Forum {
 public:
  Forum(Database& db, std::int64_t posts) : db_(db), skew_(static_cast<std::size_t>(posts)) {
    Statement post(db_, "INSERT INTO post VALUES (?1, ?2, 0, 0)");
    Statement listing(db_, "INSERT INTO listing VALUES (?1, ?2, 0, 0, 0)");
    db_.run("BEGIN IMMEDIATE");
    for (std::int64_t id = 1; id <= posts; ++id) {
      post.run(id, stoa::bench::words(random_, 6));
      listing.run(id, 0);
      listing.run(id, static_cast<std::int64_t>(1 + random_.below(4)));
    }
    db_.run("COMMIT");
  }

  // Writes so many comments in one transaction.
  void commit(int comments) {
    begin_.run();
    for (int i = 0; i < comments; ++i) add();
    commit_.run();
  }

 private:
  void add() {
    const std::int64_t post = static_cast<std::int64_t>(1 + skew_.draw(random_)),
                       now = 1'700'000'000'000 + ++number_;
    const std::string body = stoa::bench::comment_text(random_), html = "<p>" + body + "</p>\n";
    const std::string data = std::string(340, ' ') + body + html;  // the comment as JSON
    const std::string subject = "comment:" + std::to_string(number_),
                      channel = "post:" + std::to_string(post);
    comment_.run(post, static_cast<std::int64_t>(1 + random_.below(200)), now, body, html);
    count_.run(post, now);
    touch_.run(post, now);
    event_.run(number_, now, subject, channel, data);
    place_.run(channel, number_);
  }

  Database& db_;
  stoa::bench::Random random_{1};
  stoa::bench::Skew skew_;
  std::int64_t number_ = 0;
  Statement begin_{db_, "BEGIN IMMEDIATE"};
  Statement commit_{db_, "COMMIT"};
  Statement comment_{
      db_, "INSERT INTO comment (post_id, author_id, created_at, body, html) VALUES (?1, ?2, ?3, ?4, ?5)"};
  Statement count_{db_, "UPDATE post SET comments = comments + 1, active_at = ?2 WHERE id = ?1"};
  Statement touch_{db_, "UPDATE listing SET active_at = ?2 WHERE post_id = ?1"};
  Statement event_{db_, "INSERT INTO event VALUES (?1, ?2, 'posts.comment.created', ?3, ?4, ?5)"};
  Statement place_{db_, "INSERT INTO event_channel VALUES (?1, ?2)"};
};

void measure(const std::string& path, int group, double seconds, int posts, int comments) {
  Database db(path);
  Forum forum(db, posts);
  if (comments > 0) forum.commit(comments);
  db.run("PRAGMA wal_checkpoint(TRUNCATE)");
  std::size_t done = 0;
  const auto started = Clock::now();
  std::chrono::duration<double> took{};
  while (took.count() < seconds) {
    forum.commit(group);
    done += static_cast<std::size_t>(group);
    took = Clock::now() - started;
  }
  std::printf("{\"done\":%zu,\"seconds\":%.4f}\n", done, took.count());
}

}  // namespace

int main(int count, char** arguments) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < count; i += 2) given[arguments[i]] = arguments[i + 1];
  try {
    measure(given.at("--file"), std::stoi(given.at("--group")), std::stod(given.at("--seconds")),
            std::stoi(given.at("--posts")), std::stoi(given.at("--comments")));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stoa_bench_sqlite: %s\n", error.what());
    return 1;
  }
}
