// What SQLite alone takes, without the forum: the statements with which it writes a comment (--group), and a
// page of comments as JSON out of the forum's own database (--page).
#include <sqlite3.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "arguments.hpp"
#include "stoa/rapidjson.hpp"
#include "stoa/time.hpp"
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
  Database(const std::string& path, const char* first) {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    check(sqlite3_open(path.c_str(), &db_));
    run(first);
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
    begin(values...);
    db_.check(sqlite3_step(statement_));
    end();
  }

  template <class... Values>
  void begin(const Values&... values) {
    int place = 0;
    (bind(++place, values), ...);
  }
  bool next() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW) db_.check(code);
    return code == SQLITE_ROW;
  }
  void end() { db_.check(sqlite3_reset(statement_)); }

  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string_view text(int column) const {
    const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
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
  Database db(path, kSchema);
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

// GET /api/v1/posts/N/comments, byte for byte.
class Page {
 public:
  explicit Page(Database& db) : db_(db) {}

  std::string_view read(std::int64_t post) {
    out_.Clear();
    rapidjson::Writer<rapidjson::StringBuffer> json(out_);
    begin_.run();
    rows_.begin(post, std::int64_t{0}, std::int64_t{21});
    json.StartObject();
    json.Key("items");
    json.StartArray();
    for (int count = 0; rows_.next(); ++count) {
      if (count == 20) throw std::runtime_error("the post has a second page");
      write(json);
    }
    rows_.end();
    end_.run();
    json.EndArray();
    json.Key("next");
    json.Null();
    json.EndObject();
    return {out_.GetString(), out_.GetSize()};
  }

 private:
  template <class Json>
  void write(Json& json) {
    const auto text = [&](const char* name, std::string_view value) {
      json.Key(name);
      json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    const auto number = [&](const char* name, int column) {
      json.Key(name);
      if (rows_.is_null(column)) {
        json.Null();
      } else {
        json.Int64(rows_.number(column));
      }
    };
    const auto time = [&](const char* name, int column) {
      json.Key(name);
      if (rows_.is_null(column)) {
        json.Null();
      } else {
        json.String(stoa::rfc3339(rows_.number(column)));
      }
    };
    json.StartObject();
    number("id", 0);
    number("post_id", 1);
    number("parent_id", 2);
    number("depth", 3);
    json.Key("author");
    json.StartObject();
    number("id", 4);
    text("nickname", rows_.text(5));
    json.Key("avatar_url");
    if (const auto url = rows_.text(6); url.empty()) {
      json.Null();
    } else {
      json.String(url.data(), static_cast<rapidjson::SizeType>(url.size()));
    }
    json.EndObject();
    text("body", rows_.text(7));
    text("html", rows_.text(8));
    number("likes", 9);
    number("dislikes", 10);
    time("created_at", 11);
    time("edited_at", 12);
    json.Key("deleted");
    json.Bool(!rows_.is_null(13));
    number("revision", 14);
    json.EndObject();
  }

  Database& db_;
  rapidjson::StringBuffer out_;
  Statement begin_{db_, "BEGIN"}, end_{db_, "COMMIT"};
  Statement rows_{
      db_,
      "SELECT c.id, c.post_id, c.parent_id, c.depth, c.author_id, u.nickname, u.avatar_url, c.body, c.html,"
      " c.likes, c.dislikes, c.created_at, c.edited_at, c.deleted_at, c.revision "
      "FROM posts_comment c JOIN auth_user u ON u.id = c.author_id "
      "WHERE c.post_id = ?1 AND c.listed = 1 AND c.id > ?2 ORDER BY c.id LIMIT ?3"};
};

double cpu_s() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// The page must be the bytes of that file, each time.
void measure_page(const std::string& path, std::int64_t post, const std::string& same, double seconds) {
  std::ifstream file(same, std::ios::binary);
  const std::string expected(std::istreambuf_iterator<char>(file), {});
  Database db(path, "PRAGMA query_only = ON");
  Page page(db);
  std::size_t done = 0;
  const double cpu = cpu_s();
  const auto started = Clock::now();
  std::chrono::duration<double> took{};
  while (took.count() < seconds) {
    if (page.read(post) != expected) throw std::runtime_error("the page has other bytes than the forum's");
    ++done;
    took = Clock::now() - started;
  }
  std::printf("{\"done\":%zu,\"seconds\":%.4f,\"cpu_s\":%.4f}\n", done, took.count(), cpu_s() - cpu);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const stoa::bench::Arguments given(count, arguments);
    double seconds = 1;
    std::int64_t page = 0;
    int group = 1, posts = 1, comments = 0;
    given.number("--seconds", seconds);
    given.number("--page", page);
    given.number("--group", group);
    given.number("--posts", posts);
    given.number("--comments", comments);
    if (page > 0) {
      measure_page(given.text("--file"), page, given.text("--same"), seconds);
    } else {
      measure(given.text("--file"), group, seconds, posts, comments);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stoa_bench_sqlite: %s\n", error.what());
    return 1;
  }
}
